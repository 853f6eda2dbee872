FROM node:20.15.0-alpine
WORKDIR /srv
COPY package.json package-lock.json app
USER node
