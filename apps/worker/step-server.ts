import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Worker } from './worker.ts'

/**
 * Lets a simulation drive the worker: POST /step does all that is due by the virtual clock and answers when
 * there is more. On loopback only, and only when the configuration asks for it.
 */
export async function startStepServer(worker: Worker, port: number) {
  const server = createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== '/step') {
      response.writeHead(404).end()
      return
    }
    step(worker).then(
      (answer) => response.writeHead(200).end(JSON.stringify(answer)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function step(worker: Worker) {
  const done =
    (await worker.lookIntoInbox()) +
    (await worker.workOffAll()) +
    (await worker.fetchLists()) +
    (await worker.compareFiles()) +
    (await worker.payVisitBills()) +
    (await worker.workOffClaims()) +
    (await worker.workOffLenders()) +
    (await worker.deliverWebhooks())
  const next = await worker.nextDue()
  return { done, nextDueAt: next?.toISOString() ?? null }
}
