#!/bin/sh
# /usr/local/bin/taskwire: any command of Taskwire, by the settings and with the rights of its services.
exec sudo -u taskwire sh -c '
    set -a; . /etc/taskwire/taskwire.env; set +a
    cd /var/lib/taskwire && exec /opt/taskwire/bin/taskwire "$@"' taskwire "$@"
