FROM debian:12.7-slim
RUN ln -sf /bin/bash /bin/sh
USER 10001
