import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { assert } from '../../../../kernel/assert.ts'
import { type Context, Refusal } from '../core/context.ts'
import { type CommercialInsurer, type InsurerOptions, startInsurer } from '../core/insurer.ts'
import { FHIR_PRODUCTS } from '../core/products.ts'
import { type Answer, runCall } from '../core/run-call.ts'
import { bodyOf, createApp, cut, garble } from '../core/serve.ts'
import { type Client, clientOf, grantToken } from './access.ts'
import {
  cancelOrder,
  findOrder,
  findReturn,
  returnMoney,
  submitClaim,
  type Work,
} from './claims.ts'
import {
  checkEligibility,
  findFile,
  findReconciliation,
  hasTaskCode,
  searchCoverage,
  takePapers,
} from './desk.ts'
import { readResource, wrong } from './reader.ts'
import { operationOutcome, refuse, spoil } from './resources.ts'
import { SID } from './systems.ts'

export type { Client as FhirClient } from './access.ts'

/** Starts the FHIR R4 insurer of protocol.md on loopback. It gives back parts of a settlement unless told not to. */
export function startFhirInsurer(
  options: InsurerOptions & { clients: readonly Client[] },
): Promise<CommercialInsurer> {
  const clients = new Map(options.clients.map((client) => [client.clientId, client]))
  assert(clients.size === options.clients.length, 'each client has an id of its own')
  const settings = {
    ...options,
    products: options.products ?? FHIR_PRODUCTS,
    partialRefunds: options.partialRefunds ?? true,
  }
  return startInsurer('commercial_fhir', settings, (context, stopped) =>
    createServer(context, clients, stopped),
  )
}

type Sent = { hospital: string; body: string; query: URLSearchParams }
type Interaction = {
  method: 'GET' | 'POST'
  path: string
  read: (context: Context, sent: Sent) => Work
}

const INTERACTIONS: readonly Interaction[] = [
  {
    method: 'POST',
    path: '/fhir/Coverage/_search',
    read: (context, { hospital, body }) =>
      searchCoverage(context, hospital, new URLSearchParams(body)),
  },
  {
    method: 'POST',
    path: '/fhir/CoverageEligibilityRequest/$submit',
    read: (context, { hospital, body }) =>
      checkEligibility(context, hospital, readResource(body, 'CoverageEligibilityRequest')),
  },
  {
    method: 'POST',
    path: '/fhir/Claim/$submit',
    read: (context, { hospital, body }) =>
      submitClaim(context, hospital, readResource(body, 'Claim')),
  },
  {
    method: 'GET',
    path: '/fhir/ClaimResponse',
    read: (context, { hospital, query }) =>
      findOrder(context, hospital, numberOf(query, 'request.identifier', SID.order)),
  },
  { method: 'POST', path: '/fhir/Task', read: readTask },
  {
    method: 'GET',
    path: '/fhir/Task',
    read(context, { hospital, query }) {
      const isFile = (query.get('identifier') ?? '').startsWith(SID.file)
      return isFile
        ? findFile(context, hospital, numberOf(query, 'identifier', SID.file))
        : findReturn(context, hospital, numberOf(query, 'identifier', SID.refund))
    },
  },
  {
    method: 'POST',
    path: '/fhir',
    read: (context, { hospital, body }) =>
      takePapers(context, hospital, readResource(body, 'Bundle')),
  },
  {
    method: 'GET',
    path: '/fhir/PaymentReconciliation',
    read: (context, { hospital, query }) =>
      findReconciliation(context, hospital, query.get('created') ?? ''),
  },
]

function readTask(context: Context, { hospital, body }: Sent): Work {
  const task = readResource(body, 'Task')
  if (hasTaskCode(task, 'cancel')) return cancelOrder(context, hospital, task)
  if (hasTaskCode(task, 'return')) return returnMoney(context, hospital, task)
  throw wrong('Task.code')
}

function numberOf(query: URLSearchParams, name: string, system: string): string {
  const [given, value = ''] = (query.get(name) ?? '').split('|')
  if (given !== system || !/^[0-9A-Za-z_-]{1,64}$/.test(value)) throw wrong(name)
  return value
}

type Wire = { request: FastifyRequest; reply: FastifyReply; stopped: AbortSignal }

function createServer(
  context: Context,
  clients: ReadonlyMap<string, Client>,
  stopped: AbortSignal,
): FastifyInstance {
  const app = createApp()
  app.post('/oauth/token', (request, reply) => {
    const form = new URLSearchParams(bodyOf(request).toString('utf8'))
    const token = grantToken(context, clients, { authorization: authorizationOf(request), form })
    return token === null ? reply.code(401).send({ error: 'invalid_client' }) : reply.send(token)
  })
  for (const interaction of INTERACTIONS) {
    const { method, path } = interaction
    app.route({
      method,
      url: path,
      handler: (request, reply) =>
        serve(context, clients, interaction, { request, reply, stopped }),
    })
  }
  return app
}

async function serve(
  context: Context,
  clients: ReadonlyMap<string, Client>,
  interaction: Interaction,
  { request, reply, stopped }: Wire,
): Promise<FastifyReply> {
  const client = clientOf(context, clients, authorizationOf(request))
  if (client === null) {
    const body = operationOutcome('login', 'token', 'the token is unknown or has expired')
    return send(reply, { status: 401, body })
  }
  const sent = {
    hospital: client.providerCode,
    body: bodyOf(request).toString('utf8'),
    query: new URLSearchParams(request.raw.url?.split('?')[1] ?? ''),
  }
  const answer = await work(context, interaction, sent, stopped)
  if (answer === 'cut') return cut(request, reply)
  return answer === 'garbled' ? garble(reply) : send(reply, answer)
}

async function work(
  context: Context,
  { method, path, read }: Interaction,
  sent: Sent,
  stopped: AbortSignal,
): Promise<Answer | 'cut' | 'garbled'> {
  try {
    const call = { operation: `${method} ${path}`, ...read(context, sent) }
    return await runCall(context, call, { refuse, spoil }, stopped)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refuse(error)
  }
}

const send = (reply: FastifyReply, { status, body }: Answer): FastifyReply =>
  reply.code(status).type('application/fhir+json; charset=utf-8').send(JSON.stringify(body))

const authorizationOf = ({ headers }: FastifyRequest): string => headers.authorization ?? ''
