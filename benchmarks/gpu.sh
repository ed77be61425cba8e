#!/bin/sh
# Trains MNIST and a ResNet with both frameworks on a GPU, and on the CPU beside it, with and without the listener; checks what is
# recorded against the frameworks' own figures, counts what comes to the host for the listener, and prints one table.
#
#   gpu.sh [--cpu] [--steps N] [--batch N] [--pixels N] [--rounds N] [--framework dl4j|djl] [--device gpu|cpu]
#          [--network mlp|resnet8|resnet50]
#
#   --cpu       on the CPU alone, as --device cpu is: all of it but the device
#   --steps     steps of a training that are measured: 200 if not given, 20 with --cpu
#   --batch     examples in each: 256, or 8
#   --pixels    along an image of the ResNet: 96, or 32. Deeplearning4j's ResNet50 takes no fewer than 69.
#   --rounds    how often each variant is measured: 5, or 3. Beside a GPU, the CPU has the small sizes.
#   --framework, --device, --network   one of them alone: mlp and resnet50 if not given, on a CPU mlp and resnet8
#
# It runs in a folder that gpu-pack.sh has prepared; elsewhere it prepares one first.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
steps= batch= pixels= rounds= network=
frameworks='dl4j djl' devices='gpu cpu'
while [ $# -gt 0 ]; do
  case $1 in
    --cpu) devices=cpu; shift; continue ;;
    --steps | --batch | --pixels | --rounds | --framework | --device | --network) ;;
    *) sed -n '2,16s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
  [ $# -gt 1 ] || { echo "$1 needs a value" >&2; exit 2; }
  case $1=$2 in
    --steps=*) steps=$2 ;;
    --batch=*) batch=$2 ;;
    --pixels=*) pixels=$2 ;;
    --rounds=*) rounds=$2 ;;
    --framework=dl4j | --framework=djl) frameworks=$2 ;;
    --device=gpu | --device=cpu) devices=$2 ;;
    --network=mlp | --network=resnet8 | --network=resnet50) network=$2 ;;
    *) echo "$1 is one of those that gpu.sh --help names, not $2" >&2; exit 2 ;;
  esac
  shift 2
done
cpu_only=
if [ "$devices" = cpu ]; then
  cpu_only=yes
fi
gpu_sizes="${steps:-200} ${batch:-256} ${pixels:-96} ${rounds:-5}"
cpu_sizes='20 8 32 3'
if [ -n "$cpu_only" ]; then
  cpu_sizes="${steps:-20} ${batch:-8} ${pixels:-32} ${rounds:-3}"
fi

if [ -z "$cpu_only" ]; then
  answer=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>&1) || {
    echo "No NVIDIA driver answers here: $(echo "$answer" | sed -n '1s/\.*$//p'). On a machine without a GPU, use --cpu." >&2
    exit 1
  }
  gpu=$(echo "$answer" | sed -n '1s/, */, driver /p')
fi

pack=$here
if [ ! -f "$pack/cpu.classpath" ]; then
  pack=$here/target/gpu-pack
  "$here/gpu-pack.sh" ${cpu_only:+--cpu} "$pack" >&2
fi
cd "$pack"
if [ -z "$cpu_only" ] && [ ! -f gpu.classpath ]; then
  echo "There are no builds for CUDA in $pack, which gpu-pack.sh --cpu has prepared: use --cpu, or prepare it without." >&2
  exit 1
fi

cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
: "${cpu:=CPU}"

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
echo "$("$java" -version 2>&1 | grep version | head -n 1); $(uname -sr); $(nproc) processors"
echo
echo '| device | framework | network | listener | ms a step | ratio | bytes to the host a step | equal to the framework'"'"'s |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- |'
failed=0
for device in $devices; do
  for framework in $frameworks; do
    if [ "$device" = gpu ]; then
      classpath=gpu.classpath name=$gpu sizes=$gpu_sizes networks=${network:-mlp resnet50}
    else
      classpath=cpu.classpath name=$cpu sizes=$cpu_sizes networks=${network:-mlp resnet8}
    fi
    # a framework that can't use this device leaves the others
    "$java" "@$classpath" "-Djna.library.path=$pack/natives" -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
      -XX:+EnableDynamicAgentLoading io.github.tensorboard4j.benchmarks.GpuCosts "$framework" "$device" "$name" $sizes $networks \
      || failed=1
  done
done
exit $failed
