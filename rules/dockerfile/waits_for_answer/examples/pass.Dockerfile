FROM debian:12.7-slim
RUN apt-get update && apt-get -qqy install curl=7.88.1-10 && yes | apt-get install git=1:2.39.5
RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes
RUN apt-get install jq=1.6
USER 10001
