FROM python:3.12.4-slim
RUN <<EOF
set -e
python -m pip install --no-cache-dir requests>=2 "flask==3.0.3"
EOF
USER 10001
