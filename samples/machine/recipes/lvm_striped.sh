# A volume in two stripes.
disks 16M 16M
pvcreate -q --metadatasize 128k --dataalignment 256k $D0 $D1
vgcreate -q -s 256k club $D0 $D1
lvcreate -q -y -Zn -i2 -I64k -l 60 -n log club
ext /dev/mapper/club-log log
