# A folder that was removed, a subvolume and a snapshot of it that can only be read.
disks 128M
mkfs.btrfs -q -f -U $UUID -L club -m dup -d single $D0
mount -t btrfs -o device=$D0 $D0 /m
fill /m
sync
btrfs subvolume create /m/sub
fill /m/sub
sync
btrfs subvolume snapshot -r /m/sub /m/before
sync
rm -r /m/log
sync
truth /m volume
umount /m
