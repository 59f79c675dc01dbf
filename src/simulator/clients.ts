/**
 * Clients beside replicas that are no stack of modules: a host of others knows replicas only, and clients are modules
 * whatever the replicas are.
 */
import type { Process } from '../../spec/language.ts'
import { AdapterFailure, type Host } from '../kernel/host.ts'
import type { Module } from '../kernel/module.ts'
import { StackHost } from './stack.ts'

/** `modules`: where the clients run. */
export function withClients(replicas: Host, client: Module): Host & { readonly modules: StackHost } {
  const modules = new StackHost({ module: client, below: {} }, client)
  let clients: readonly Process[] = []
  const hostOf = (at: Process): Host => (clients.includes(at) ? modules : replicas)
  return {
    modules,

    reset(processes, seed, asking = []) {
      clients = asking
      modules.reset(processes, seed, clients)
      return replicas.reset(processes, seed, clients)
    },

    activate(at, input, out) {
      const host = hostOf(at)
      if (host === modules && input.kind === 'receive' && input.layer !== client.name)
        throw new AdapterFailure(
          `${input.from} sends ${input.message.kind} to the client ${at}: expected the layer ${client.name}, which is that of the clients, came ${input.layer}`,
        )
      return host.activate(at, input, out)
    },

    crash: (at) => hostOf(at).crash(at),

    ...(replicas.show && { show: (at: Process) => hostOf(at).show!(at) }),
    ...(replicas.plain && {
      plain: {
        copy: (at: Process) => hostOf(at).plain!.copy(at),
        restore: (at: Process, saved: unknown) => hostOf(at).plain!.restore(at, saved),
      },
    }),

    ...(replicas.hurry && { hurry: (hurried: boolean) => replicas.hurry!(hurried) }),

    close: () => replicas.close?.(),
  }
}
