"""Disks that only a kernel can make: arrays, volume groups, encrypted volumes, file systems on several devices.

A fresh machine of a user has neither the rights nor the modules for them, so they are made once, in a small virtual
machine, and kept packed in ``packed``. Start reading in ``make.py``; each recipe is a file in
``recipes``, a shell script that the virtual machine runs with the functions of ``guest.sh``.
"""
