# The disk as it was while a file was open whose name was gone, and another was only in the log; a subvolume just removed.
disks 128M
mkfs.btrfs -q -f -U $UUID -L club -m dup -d single $D0
mount -t btrfs -o device=$D0 $D0 /m
fill /m
btrfs subvolume create /m/gone
fill /m/gone
sync
exec 5< /m/log/hovering.txt
rm /m/log/hovering.txt
btrfs subvolume delete -c /m/gone
sync
echo "written and forced to the disk" | dd of=/m/forced.txt conv=fsync
truth /m volume
dd if=$D0 of=/t/copy.raw bs=1M
exec 5<&-
umount /m
losetup -d $D0
mv /t/copy.raw /t/disk0.raw
