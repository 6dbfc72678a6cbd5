import type { Channel } from '../../../modules/payments/index.ts'
import { createMask } from '../../../platform/descriptor/explain.ts'
import { createExpressions } from '../../../platform/descriptor/expressions.ts'
import { type Params, toAccount } from '../../../platform/descriptor/params.ts'
import { createCharges, methodsOf } from './charges.ts'
import { createClient } from './client.ts'
import type { Context, DeclarativeDeps } from './context.ts'
import { readNotice } from './notices.ts'
import { createRefunds } from './refunds.ts'
import type { Descriptor } from './schema.ts'
import { createStatements } from './statements.ts'

/**
 * A channel that is described and not coded: the descriptor says how the provider is spoken to and what its words mean,
 * the params are one hospital's contract. Keeps no state; every verb may be asked again.
 *
 * Errors: descriptor and params come from readDescriptor and readDeclarativeParams. Whatever an answer is that no table
 * names, or that cannot be proven, read or evaluated in time, is 'unknown'.
 */
export function createDeclarativeChannel(
  descriptor: Descriptor,
  params: Params,
  deps: DeclarativeDeps,
): Channel {
  const account = toAccount(descriptor.parameters, params)
  const context: Context = {
    descriptor,
    account,
    expressions: createExpressions(descriptor.limits.expressionMs),
    mask: createMask(descriptor.mask, account.secrets),
    deps,
  }
  const wire = { context, client: createClient(context) }
  const { status, contentType, body } = descriptor.notice?.reply ?? NO_REPLY
  return {
    name: descriptor.provider,
    phase: 'payer',
    methods: methodsOf(context),
    noticeReply: { status, contentType, body },
    ...createCharges(wire),
    ...createRefunds(wire),
    ...createStatements(wire),
    readNotice: (notice) => readNotice(context, notice),
  }
}

/** A channel that sends no notices still answers to one, and refuses it before. */
const NO_REPLY = { status: 204, contentType: 'text/plain', body: '' } as const
