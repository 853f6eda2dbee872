FROM debian:12.7-slim
COPY supervisord.conf /etc/
CMD ["/usr/bin/supervisord", "-n"]
USER 10001
