# Rotating parity with superblocks (1.0) at the end; the array has a partition table.
disks 16M 16M 16M
mdadm --create /dev/md0 --run --level=5 --raid-devices=3 --metadata=1.0 --chunk=64 \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2
printf 'n\np\n1\n2048\n+8M\nw\n' | fdisk /dev/md0 || true
losetup -o 1048576 --sizelimit 8388608 /dev/loop7 /dev/md0 2>/dev/null || losetup -o 1048576 /dev/loop7 /dev/md0
mkfs.ext4 -q -F -b 1024 -N 64 -J size=1 -E lazy_itable_init=0,nodiscard -U $UUID /dev/loop7 8192
mount -t ext4 /dev/loop7 /m
fill /m
sync
truth /m array
umount /m
losetup -d /dev/loop7
