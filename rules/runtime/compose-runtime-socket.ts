import { runtimeSocket } from '../model/host-path.js';
import { rule } from '../rule.js';

export default rule({
  id: 'compose-runtime-socket',
  on: 'service',
  severity: 'error',
  preset: 'recommended',
  title: 'Container runtime’s socket mounted',
  why: 'Who can talk to the Docker socket can start a container that mounts the whole disk: it is root on the machine without a password. A read-only mount changes nothing, as the socket is written to by talking to it.',
  default: 'A service does not see the runtime’s socket.',
  remedy:
    'Put a socket proxy in between that lets through only the calls that are needed, or use a rootless runtime for it. Traefik, Portainer and Watchtower work behind a proxy as well.',
  standards: ['cis-docker:5.32', 'mitre:T1611', 'cwe:668'],
  aliases: {},
  hover: ['services/#/volumes'],
  *check({ title, mounts }) {
    for (const { hostPath, at } of mounts) {
      if (hostPath === undefined) continue;
      const found = runtimeSocket(hostPath);
      if (found === undefined) continue;
      const where = found === 'socket' ? '' : ', where the container runtime has its socket';
      yield { at, message: `${title} mounts ${hostPath}${where}: that is root on the machine.` };
    }
  },
  examples: [
    {
      bad: `
        services:
          proxy:
            image: traefik:v3
            volumes:
              - «/var/run/docker.sock:/var/run/docker.sock:ro»
              - «"\${SOCKET:-/var/run/docker.sock}:/docker.sock"»
              - «\${XDG_RUNTIME_DIR}/docker.sock:/docker.sock»
              - «~/.docker/run/docker.sock:/docker.sock»
              - «'\\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine'»
          agent:
            image: agent:1
            volumes:
              - type: bind
                source: «/run/podman/podman.sock»
                target: /podman.sock
              - «/var/run:/host/run»
              - {type: bind, source: «"/run/"», target: /run}
              - «/run/containerd:/run/containerd:ro»
      `,
    },
    {
      ok: `
        services:
          web:
            image: web:1
            volumes:
              - data:/var/run
              - /var/run/postgres:/var/run/postgresql
              - \${SOCKET}:/var/run/docker.sock
              - ./docker.sock.md:/doc.md
              - /var/run/docker.sock.d
              - docker.sock:/named/volume
              - {type: volume, source: run, target: /var/run}
              - {type: tmpfs, target: /run}
        volumes:
          data:
          docker.sock:
      `,
    },
  ],
});
