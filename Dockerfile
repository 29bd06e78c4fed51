# docker build --tag hfscan .
# docker run --rm --network none --volume "$PWD:/src:ro" hfscan

FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev make cmake pkgconf
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY rules rules
COPY tests/integration/main.rs tests/integration/main.rs
RUN cargo build --locked --release --bin hfscan
RUN mkdir /empty && chmod 1777 /empty

# Nothing but the program: no shell, no package manager, nothing to keep up to date.
FROM scratch
COPY --from=build /build/target/release/hfscan /usr/bin/hfscan
COPY LICENSE-APACHE LICENSE-MIT /usr/share/licenses/hfscan/
# Standard input is put into a temporary file.
COPY --from=build /empty /tmp
USER 65534:65534
WORKDIR /src
ENTRYPOINT ["/usr/bin/hfscan"]
CMD ["."]
