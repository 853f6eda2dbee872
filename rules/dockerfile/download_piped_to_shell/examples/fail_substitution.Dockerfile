FROM debian:12.7-slim
SHELL ["/bin/bash", "-c"]
RUN bash <(curl -fsSL https://example.com/install.sh)
RUN sh -c "$(wget -qO- https://example.com/more.sh)"
USER 10001
