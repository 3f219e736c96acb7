# Rotating parity with superblocks 0.90.
disks 12M 12M 12M
mdadm --create /dev/md0 --run --level=5 --raid-devices=3 --metadata=0.90 --chunk=64 \
    --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
ext /dev/md0 array
