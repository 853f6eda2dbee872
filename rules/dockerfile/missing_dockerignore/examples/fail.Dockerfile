FROM node:20.15.0-alpine
WORKDIR /app
COPY . .
USER node
