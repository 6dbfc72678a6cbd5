import { type HisSimulator, type HospitalOptions, openHospital } from '../../hospital.ts'
import { createOutbox, type Outbox, OUTBOX_TABLE, type Teller } from '../../outbox.ts'
import { standardFace } from './face.ts'
import { createHubClient } from './hub-client.ts'
import { findNotices, nextNoticeAt } from './news.ts'
import { createSigning, type HisKeys } from './signing.ts'

export type HisOptions = HospitalOptions & {
  keys: HisKeys
  /** Where its refund requests go: 'http://127.0.0.1:port'; null for a HIS that asks for none. */
  hubUrl: string | null
  /** Whether it tells the hub, too, what happens: clinics that are stopped, bills that change, reports that are ready. */
  tellsNotices?: boolean
}

/**
 * A hospital that speaks docs/interface/hospital-standard.md.
 *
 * Errors: asserts on keys that are neither RSA of 2048 bits or more nor of SM2; a port that is taken is the system's.
 */
export async function startHis(options: HisOptions): Promise<HisSimulator> {
  let outbox: Outbox | null = null
  const hospital = await openHospital(options, (his) => {
    const { clock, random, faults, hubUrl, tellsNotices = false } = options
    const signing = createSigning({ clock, random, store: his.store }, options.keys)
    const hub = hubUrl === null ? null : createHubClient(signing, hubUrl, options.hospital.id)
    his.store.run(OUTBOX_TABLE)
    const teller: Teller | null =
      hub && tellsNotices
        ? {
            news: (limit) => findNotices(his, limit),
            nextNewsAt: () => nextNoticeAt(his),
            say: async ({ text }, signal) => {
              const { status, outcome } = await hub.tell(text, signal)
              return { status, outcome: outcome ?? '' }
            },
          }
        : null
    const told = createOutbox(his, teller, faults)
    outbox = told
    const { sendDue: runDue, nextDueAt } = told
    return { face: standardFace(his, signing, faults), hub, runDue, nextDueAt }
  })
  return {
    ...hospital,
    async stop() {
      await outbox?.stop()
      await hospital.stop()
    },
  }
}
