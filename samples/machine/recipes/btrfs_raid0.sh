# Data and metadata in stripes over two devices.
disks 128M 128M
mkfs.btrfs -q -f -U $UUID -L club -m raid0 -d raid0 $D0 $D1
mount -t btrfs -o device=$D0,device=$D1 $D0 /m
fill /m
sync
truth /m volume
umount /m
