# Data packed by lzo.
disks 128M
mkfs.btrfs -q -f -U $UUID -L club -m single -d single $D0
mount -t btrfs -o device=$D0,compress-force=lzo $D0 /m
fill /m
sync
truth /m volume
umount /m
