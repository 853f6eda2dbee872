FROM node:20.15.0-alpine
WORKDIR /app
COPY package.json .npmrc .env ./
COPY tls/server.key /etc/tls/
USER node
