FROM node:20.15.0-alpine
WORKDIR /app
COPY package.json .env.example ./
COPY company-ca.pem signing-public.key /etc/tls/
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
USER node
