/** Paths of the node (or of the machine, in a Compose file), what lies there, and which containers see it. */
import { isOptional } from './branches.js';
import type { Field } from './field.js';
import type { Container, Pod } from './pod.js';

/** The sockets by which containers are made, wherever they lie; on Windows a pipe. */
const sockets =
  /(?:^|[\\/])(?:docker|docker\.raw|dockershim|containerd|podman|crio|cri-dockerd|buildkitd)\.sock$|^[\\/]{2}[.?][\\/]pipe[\\/](?:docker|containerd|podman)\w*$/;

/** The folders that they lie in. */
const folders =
  /^(?:\/var)?\/run(?:\/(?:containerd|podman|crio|docker|k3s|k3s\/containerd|buildkit|user\/\d+(?:\/podman)?))?$/;

/** The path is a container runtime's socket, or a folder in which one lies. */
export function runtimeSocket(path: string): 'socket' | 'folder' | undefined {
  if (sockets.test(path)) return 'socket';
  return folders.test(path) ? 'folder' : undefined;
}

/** Where a node keeps credentials, and of what. A folder stands for all that is in it. */
const credentials: readonly (readonly [RegExp, string])[] = [
  [/^\/etc\/kubernetes$/, 'the folder of the kubelet’s and the control plane’s credentials'],
  [/^\/etc\/kubernetes\/azure\.json$/, 'the node’s Azure credentials'],
  [/^(?:\/root|\/home\/[^/]+)\/\.aws(?:\/|$)/, 'AWS credentials'],
  [/^(?:\/root|\/home\/[^/]+)\/\.azure(?:\/|$)/, 'Azure credentials'],
  [/^(?:\/root|\/home\/[^/]+)\/\.config\/gcloud(?:\/|$)/, 'Google Cloud credentials'],
  [/^(?:\/root|\/home\/[^/]+)\/\.kube(?:\/|$)/, 'somebody’s credentials for the cluster'],
  [/^\/etc\/kubernetes\/(?:super-)?admin\.conf$/, 'the administrator’s credentials for the cluster'],
  [/^\/etc\/rancher\/k3s(?:\/k3s\.yaml)?$/, 'the administrator’s credentials for the cluster'],
  [/^\/etc\/kubernetes\/(?:bootstrap-)?kubelet\.conf$/, 'the kubelet’s credentials'],
  [/^\/var\/lib\/kubelet\/(?:(?:bootstrap-)?kubeconfig|pki)(?:\/|$)/, 'the kubelet’s credentials'],
  [/^\/etc\/kubernetes\/pki(?:\/|$)/, 'the keys of the control plane'],
];

/** Whose credentials lie at the path, if it is a place for them. */
export function credentialsAt(path: string): string | undefined {
  return credentials.find(([pattern]) => pattern.test(path))?.[1];
}

/** Without `//`, `.`, `..` and a slash at its end, as the kernel resolves it where no link is in the way. What has backslashes stays as it is. */
export function normalPath(path: string): string {
  if (path.includes('\\') || path.startsWith('//./')) return path;
  const parts: string[] = [];
  for (const part of path.split('/').slice(path.startsWith('/') ? 1 : 0)) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '' && !(part === '..' && path.startsWith('/'))) parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

/** A container's mount of a volume. */
export interface Mount {
  readonly container: Container;
  /** The item of `volumeMounts`. */
  readonly field: Field;
  readonly readOnly: boolean;
}

/** A `hostPath` volume of a pod whose path is known. */
export interface HostPathVolume {
  /** The `path` field. */
  readonly field: Field;
  readonly path: string;
  /** `hostPath.type`, as in `Socket`. */
  readonly type: string;
  readonly mounts: readonly Mount[];
}

/** The pod's `hostPath` volumes, but for those whose path a template hides, or prints only under a condition. */
export function hostPathVolumes(pod: Pod): HostPathVolume[] {
  return pod.spec
    .at('volumes')
    .items()
    .flatMap((volume) => {
      const field = volume.at('hostPath', 'path');
      const { text } = field;
      if (text === undefined || text === '' || isOptional(field, pod.holder)) return [];
      const mounts = mountsOf(pod, volume.at('name').text);
      return { field, path: normalPath(text), type: volume.at('hostPath', 'type').text ?? '', mounts };
    });
}

function mountsOf(pod: Pod, name: string | undefined): Mount[] {
  return pod.containers.flatMap((container) =>
    container.field
      .at('volumeMounts')
      .items()
      .filter((mount) => name !== undefined && mount.at('name').is(name))
      .filter((mount) => !isOptional(mount.at('name'), container.field))
      .map((field) => ({ container, field, readOnly: field.at('readOnly').is(true) || field.at('readOnly').unknown })),
  );
}
