# A mirror of LVM2.
disks 16M 16M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0 $D1
vgcreate -q -s 256k club $D0 $D1
lvcreate -q -y -Zn --type raid1 -m1 --nosync -l 40 -n log club
ext /dev/mapper/club-log log
