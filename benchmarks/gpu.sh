#!/bin/sh
# Trains MNIST and a ResNet50 with both frameworks on a GPU, and on the CPU beside it, with and without the listener; checks what is
# recorded against the frameworks' own figures, counts what comes to the host for the listener, and prints one table.
#
#   gpu.sh [--cpu] [--steps N] [--batch N] [--pixels N] [--rounds N] [--framework dl4j|djl] [--device gpu|cpu]
#
#   --cpu       on the CPU alone: all of it but the device
#   --steps     steps of a training that are measured: 200 if not given, 20 with --cpu
#   --batch     examples in each: 256, or 8
#   --pixels    along an image of the ResNet: 64, or 32
#   --rounds    how often each variant is measured: 5, or once. Beside a GPU, the CPU has the small sizes.
#   --framework, --device   one of them alone
#
# It runs in a folder that gpu-pack.sh has prepared; elsewhere it prepares one first.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cpu_only= steps= batch= pixels= rounds=
frameworks='dl4j djl' devices='gpu cpu'
while [ $# -gt 0 ]; do
  case $1 in
    --cpu) cpu_only=yes devices=cpu; shift; continue ;;
    --steps | --batch | --pixels | --rounds | --framework | --device) ;;
    *) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
  [ $# -gt 1 ] || { echo "$1 needs a value" >&2; exit 2; }
  case $1 in
    --steps) steps=$2 ;;
    --batch) batch=$2 ;;
    --pixels) pixels=$2 ;;
    --rounds) rounds=$2 ;;
    --framework) frameworks=$2 ;;
    --device) devices=$2 ;;
  esac
  shift 2
done
gpu_sizes="${steps:-200} ${batch:-256} ${pixels:-64} ${rounds:-5}"
cpu_sizes='20 8 32 1'
if [ -n "$cpu_only" ]; then
  cpu_sizes="${steps:-20} ${batch:-8} ${pixels:-32} ${rounds:-1}"
fi

pack=$here
if [ ! -f "$pack/cpu.classpath" ]; then
  pack=$here/target/gpu-pack
  "$here/gpu-pack.sh" ${cpu_only:+--cpu} "$pack" >&2
fi
cd "$pack"

if [ -z "$cpu_only" ]; then
  gpu=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader | head -n 1) || {
    echo "No NVIDIA driver answers here: $(nvidia-smi 2>&1 | head -n 1). On a machine without a GPU, use --cpu." >&2
    exit 1
  }
  gpu=$(echo "$gpu" | sed 's/, */, driver /')
fi
cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
: "${cpu:=CPU}"

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$("$java" -version 2>&1 | head -n 1); $(uname -sr); $(nproc) processors"
echo
echo '| device | framework | network | listener | ms a step | ratio | bytes to the host a step | equal to the framework'"'"'s |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- |'
failed=0
for device in $devices; do
  for framework in $frameworks; do
    if [ "$device" = gpu ]; then
      classpath=gpu.classpath name=$gpu sizes=$gpu_sizes
    else
      classpath=cpu.classpath name=$cpu sizes=$cpu_sizes
    fi
    # a framework that can't use this device leaves the others
    "$java" "@$classpath" "-Djna.library.path=$pack/natives" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
      -XX:+EnableDynamicAgentLoading io.github.tensorboard4j.benchmarks.GpuCosts "$framework" "$device" "$name" $sizes \
      || failed=1
  done
done
exit $failed
