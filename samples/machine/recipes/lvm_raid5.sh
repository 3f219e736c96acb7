# Rotating parity of LVM2.
disks 16M 16M 16M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0 $D1 $D2
vgcreate -q -s 256k club $D0 $D1 $D2
lvcreate -q -y -Zn --type raid5 -i2 -I64k --nosync -l 60 -n log club
ext /dev/mapper/club-log log
