import type { HospitalId } from '../../kernel/id.ts'
import type { Hub } from '../hub/create-hub.ts'
import { createPatiences } from './patience.ts'
import { createTurns } from './turns.ts'

type WebhooksOptions = {
  /** How many deliveries of one hospital are on their way at the same time. */
  atOnce: number
  /** How long a receiver is waited for before the next is told; without it, to its end. */
  patienceMs?: number
  /** Hears of failures that nobody waited for. */
  onError?: (error: unknown) => void
}

/**
 * Tells applications what is due. A receiver may take ten seconds, so that neither the hospitals nor the receivers of one
 * hospital wait for each other; what they may leave behind is theirs, and no payment's.
 */
export function createWebhooks(
  { hospitals, partners }: { hospitals: Listed; partners: Pick<Hub['partners'], 'deliverDue'> },
  options: WebhooksOptions,
) {
  const { patienceFor, settled } = createPatiences(options)
  const inTurn = createTurns(patienceFor('hospitals'))
  return { deliver, settled }

  /** Once for all hospitals; returns how many it tried to tell. Errors: throws the first failure, after all had their turn. */
  async function deliver(): Promise<number> {
    return inTurn(await hospitals.list(), (id) =>
      partners.deliverDue(id, options.atOnce, patienceFor(id)),
    )
  }
}

type Listed = { list: () => Promise<readonly { id: HospitalId }[]> }
