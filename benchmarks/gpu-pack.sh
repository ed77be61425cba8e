#!/bin/sh
# Prepares a folder with all that gpu.sh needs but a JDK and the GPU's driver: jars, natives, data. It can be carried to a machine
# without network.
#
#   benchmarks/gpu-pack.sh [--cpu] [FOLDER]
#
#   --cpu    without the builds for CUDA: for a machine without a GPU, and to try the script
#   FOLDER   where to, benchmarks/target/gpu-pack if not given
#
# PACK_MAVEN_ARGS are passed on to Maven, which downloads what the local repository lacks (about 4 GB with the builds for CUDA).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cpu_only=
if [ "${1:-}" = --cpu ]; then
  cpu_only=yes
  shift
fi
folder=${1:-$here/target/gpu-pack}
jar=${JAVA_HOME:+$JAVA_HOME/bin/}jar
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# collect DEVICE PROFILES: copies the jars of a class path to the folder
collect() {
  rm -rf "${folder:?}/$1"
  (cd "$here/.." && mvn -q ${PACK_MAVEN_ARGS:-} "-P$2" -pl benchmarks -am package -DskipTests -Djavacpp.platform.host \
    "-Dpack=$folder/$1")
  cp "$here"/target/tensorboard4j-benchmarks-*.jar "$folder/$1/"
}

rm -rf "$folder/gpu" "$folder/natives" "$folder/gpu.classpath"
collect cpu benchmarks,pack
if [ -z "$cpu_only" ]; then
  collect gpu benchmarks,pack,cuda
  # jars that both have are there once
  for copy in "$folder"/gpu/*.jar; do
    twin=$folder/cpu/$(basename "$copy")
    if cmp -s "$copy" "$twin"; then
      ln -f "$twin" "$copy" 2>/dev/null || true
    fi
  done
  # the library by which DJL counts GPUs comes with PyTorch, under a name that it isn't looked for by
  mkdir -p "$folder/natives"
  for native in "$folder"/gpu/pytorch-native-cu*.jar; do
    library=$("$jar" tf "$native" | grep '/libcudart' | head -n 1)
    (cd "$folder/natives" && "$jar" xf "$native" "$library" && mv "$library" libcudart.so && rm -r "${library%%/*}")
  done
fi

# one line a class path, for java's @argument files
for device in cpu gpu; do
  if [ -d "$folder/$device" ]; then
    (cd "$folder" && printf -- '-cp "%s"\n' "$(ls "$device"/*.jar | paste -s -d : -)") > "$folder/$device.classpath"
  fi
done
cp "$here/gpu.sh" "$folder/"
echo "$folder: $(du -sh "$folder" | cut -f 1). Carry it there, and run ./gpu.sh in it."
