FROM node:20.15.0-alpine
ARG APP_DIR
WORKDIR /srv
COPY package.json package-lock.json app/
COPY package.json package-lock.json .
COPY package.json package-lock.json $APP_DIR
COPY server.js /srv/app
USER node
