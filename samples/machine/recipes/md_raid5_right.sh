# Rotating parity, right-asymmetric, on four disks.
disks 12M 12M 12M 12M
mdadm --create /dev/md0 --run --level=5 --raid-devices=4 --metadata=1.2 --chunk=16 --layout=right-asymmetric \
    --name=club --homehost=kestrel --uuid=$UUID --assume-clean --bitmap=none $D0 $D1 $D2 $D3
ext /dev/md0 array
