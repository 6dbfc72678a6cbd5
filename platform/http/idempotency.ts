import { createHash } from 'node:crypto'

import type { FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import Type from 'typebox'

import { assert } from '../../kernel/assert.ts'
import { AppError, STATUS_OF_KIND } from '../../kernel/error.ts'
import type { HospitalId, Id, NewId } from '../../kernel/id.ts'
import { addMs, type Clock, DAY_MS, SECOND_MS } from '../../kernel/time.ts'
import { type Db, inHospital, type Tx } from '../db.ts'
import { principalName } from '../principal.ts'
import { httpErrors } from './errors.ts'
import { problemBody, problemOf } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is a money request: it runs within `idempotently`, and the contract shows the key it needs. */
    idempotencyKey?: true
  }
}

export type Answer = { status: number; body: object }

// A process that died with the key in hand loses it after this long.
const LEASE_MS = 30 * SECOND_MS

/**
 * Runs a money request once, however often it is sent. Semantics: IETF httpapi idempotency-key draft.
 *
 * No key: 400. The same key with another body: 422. The same while the first still runs: 409. After
 * that: the first status and body again, refusals included. `work` is given the id for what it
 * makes, the same at every try, so that a try cut off by a crash is taken up and not doubled.
 * A failure of ours or of an outside system (5xx) is not kept: the same key may try again.
 */
export async function idempotently(
  platform: { db: Db; clock: Clock; newId: NewId },
  request: FastifyRequest,
  reply: FastifyReply,
  hospitalId: HospitalId,
  work: (resourceId: Id<never>) => Promise<Answer>,
): Promise<FastifyReply> {
  assert(request.routeOptions.config.idempotencyKey, 'a money request’s route says that it is one')
  const claim = claimOf(request, hospitalId)
  const first = await inHospital(platform.db, hospitalId, (tx) => takeKey(tx, platform, claim))
  if (first.kind === 'answered') return send(reply, first.answer)
  const answer = await work(first.resourceId as Id<never>).catch(async (error: unknown) => {
    if (error instanceof AppError && STATUS_OF_KIND[error.kind] < 500) {
      const problem = problemOf(error)
      return { status: problem.status, body: problemBody(problem, request.id) }
    }
    const now = platform.clock.now()
    await inHospital(platform.db, hospitalId, (tx) => giveKeyBack(tx, claim, first, now))
    throw error
  })
  // As it is kept, so that the first answer and every repeat are the same to the byte; and should another try have
  // been quicker, its answer is the answer.
  const kept = await inHospital(platform.db, hospitalId, (tx) => keepAnswer(tx, claim, answer))
  return send(reply, kept)
}

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (status >= 400) reply.type('application/problem+json')
  return reply.code(status).send(body)
}

type Claim = { hospitalId: HospitalId; principal: string; key: string; requestHash: string }

const MAX_KEY_LENGTH = 255

/** An answer is kept for this long at least; only then may its key be forgotten. */
const IDEMPOTENCY_KEYS_KEPT_MS = 90 * DAY_MS

/** The header as the contract shows it. For the eye alone: `idempotently` is the one that checks it. */
export const IdempotencyKeyHeader = Type.Object({
  'Idempotency-Key': Type.String({
    minLength: 1,
    maxLength: MAX_KEY_LENGTH,
    description:
      'Of the caller’s choice, one for each wish: what is asked for happens once, however often it is sent. ' +
      `The first answer comes again for ${IDEMPOTENCY_KEYS_KEPT_MS / DAY_MS} days at least`,
  }),
})

function claimOf(request: FastifyRequest, hospitalId: HospitalId): Claim {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw httpErrors.idempotency_key_missing({ most: MAX_KEY_LENGTH })
  }
  assert(request.principal, 'a money request is not public')
  const requestHash = createHash('sha256')
    .update(`${request.method}\n${request.url}\n`)
    .update(request.rawBody ?? '')
    .digest('hex')
  return { hospitalId, principal: principalName(request.principal), key, requestHash }
}

type Taken = Lease | { kind: 'answered'; answer: Answer }
type Lease = { kind: 'first'; resourceId: Id<string>; leasedUntil: Date }

async function takeKey(
  tx: Tx,
  { clock, newId }: { clock: Clock; newId: NewId },
  { hospitalId, principal, key, requestHash }: Claim,
): Promise<Taken> {
  const now = clock.now()
  const resourceId: Id<string> = newId()
  const leasedUntil = addMs(now, LEASE_MS)
  const inserted = await sql`insert into platform.idempotency
    (hospital_id, principal, key, request_hash, resource_id, status, leased_until, created_at)
    values (${hospitalId}, ${principal}, ${key}, ${requestHash}, ${resourceId}, 'running',
      ${leasedUntil}, ${now})
    on conflict (hospital_id, principal, key) do nothing`.execute(tx)
  if (inserted.numAffectedRows === 1n) return { kind: 'first', resourceId, leasedUntil }

  const { rows } = await sql<KeyRow>`select * from platform.idempotency
    where hospital_id = ${hospitalId} and principal = ${principal} and key = ${key}
    for update`.execute(tx)
  const [row] = rows
  assert(row, 'a key that could not be inserted is there')
  if (row.request_hash !== requestHash) throw httpErrors.idempotency_key_reused()
  if (row.status === 'done') {
    return { kind: 'answered', answer: { status: row.response_code, body: row.response_body } }
  }
  if (row.leased_until > now) throw httpErrors.idempotency_key_running()
  await sql`update platform.idempotency set leased_until = ${leasedUntil}
    where hospital_id = ${hospitalId} and principal = ${principal} and key = ${key}`.execute(tx)
  return { kind: 'first', resourceId: row.resource_id, leasedUntil }
}

type KeyRow = {
  request_hash: string
  resource_id: Id<string>
  status: 'running' | 'done'
  leased_until: Date
  response_code: number
  response_body: object
}

async function keepAnswer(tx: Tx, claim: Claim, { status, body }: Answer): Promise<Answer> {
  const { hospitalId, principal, key } = claim
  const kept = await sql<KeyRow>`update platform.idempotency
    set status = 'done', response_code = ${status}, response_body = ${JSON.stringify(body)}
    where hospital_id = ${hospitalId} and principal = ${principal} and key = ${key}
      and status = 'running'
    returning *`.execute(tx)
  const row = kept.rows[0] ?? (await answerOfAnother(tx, claim))
  return { status: row.response_code, body: row.response_body }
}

async function answerOfAnother(tx: Tx, { hospitalId, principal, key }: Claim): Promise<KeyRow> {
  const { rows } = await sql<KeyRow>`select * from platform.idempotency
    where hospital_id = ${hospitalId} and principal = ${principal} and key = ${key}`.execute(tx)
  const [row] = rows
  assert(row?.status === 'done', 'the answer was kept by another try')
  return row
}

/** Another try that has taken over meanwhile keeps its lease. */
async function giveKeyBack(tx: Tx, claim: Claim, lease: Lease, now: Date): Promise<void> {
  await sql`update platform.idempotency set leased_until = ${now}
    where hospital_id = ${claim.hospitalId} and principal = ${claim.principal} and key = ${claim.key}
      and status = 'running' and leased_until = ${lease.leasedUntil}`.execute(tx)
}

const PURGE_BATCH = 1_000

/**
 * Forgets keys of the hospital that nobody has worked under for 90 days: up to a thousand, so that no lock is
 * held for long. Returns how many; fewer than a thousand, and there are no more. A request that comes again after
 * that is a new one.
 */
export async function purgeIdempotencyKeys(
  { db, clock }: { db: Db; clock: Clock },
  hospitalId: HospitalId,
): Promise<number> {
  const before = addMs(clock.now(), -IDEMPOTENCY_KEYS_KEPT_MS)
  const { rows } = await inHospital(db, hospitalId, (tx) =>
    sql<{ forgotten: number }>`
      select platform.forget_idempotency_keys(${before}, ${PURGE_BATCH}) as forgotten`.execute(tx),
  )
  return rows[0]?.forgotten ?? 0
}
