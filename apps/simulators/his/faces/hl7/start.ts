import { assert } from '../../../../../kernel/assert.ts'
import type { His } from '../../context.ts'
import { type HisSimulator, type HospitalOptions, openHospital } from '../../hospital.ts'
import { createOutbox, type Outbox, OUTBOX_TABLE, type Told } from '../../outbox.ts'
import { fhirFace } from './fhir/face.ts'
import { type Merge, MERGE_TABLE, mergePatients } from './merges.ts'
import { ANSWERED_TABLE, receive } from './receive.ts'
import { type Hub, hl7Teller } from './teller.ts'
import { listen } from './wire.ts'

export type Hl7Options = HospitalOptions & {
  /** Where the HIS listens for messages, on 127.0.0.1; 0 takes any that is free. */
  mllpPort: number
  /** The hub's MLLP port, to tell it what happens; null for a HIS that tells nothing. */
  hubMllp: Hub | null
}

export interface Hl7Simulator extends HisSimulator {
  readonly mllpPort: number
  /** The registry desk finds that two numbers are one person. */
  mergePatients(merge: Merge): void
  /** What was told to the hub, and what became of it. */
  told(): Told[]
}

/** A hospital that speaks docs/interface/specimen-his-hl7.md: HL7 v2.5 over MLLP, and FHIR R4 for reading. */
export async function startHl7His(options: Hl7Options): Promise<Hl7Simulator> {
  const { faults, hubMllp, mllpPort } = options
  const inside: { his: His; outbox: Outbox }[] = []
  const hospital = await openHospital(options, (his) => {
    for (const table of [ANSWERED_TABLE, OUTBOX_TABLE, MERGE_TABLE]) his.store.run(table)
    const outbox = createOutbox(his, hubMllp && hl7Teller(his, hubMllp), faults)
    inside.push({ his, outbox })
    const { sendDue: runDue, nextDueAt } = outbox
    return { face: fhirFace(his), hub: null, runDue, nextDueAt }
  })
  const [opened] = inside
  assert(opened, 'the hospital put its face on')
  const { his, outbox } = opened
  try {
    const listener = await listen(mllpPort, (message) => receive(his, faults, message))
    return {
      ...hospital,
      mllpPort: listener.port,
      mergePatients: (merge) => mergePatients(his, merge),
      told: () => outbox.told(),
      async stop() {
        await listener.close()
        await outbox.stop()
        await hospital.stop()
      },
    }
  } catch (error) {
    await hospital.stop()
    throw error
  }
}
