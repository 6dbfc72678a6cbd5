import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { sealingErrors } from './errors.ts'
import { headText } from './head.ts'
import { createProofs, type Inclusion, type ProofDependencies } from './proofs.ts'
import { itemAt } from './sealed-log.ts'
import type { LogOf } from './store.ts'

export const PROOF_FORM = 'yiqiao/proof/1'

/** All that is needed to check without us that something stands in a log. docs/proofs/README.md says how. */
export type ProofFile = {
  form: typeof PROOF_FORM
  items: { text: string; leafIndex: number; path: string[] }[]
  head: { text: string; algorithm: string; publicKey: string; signature: string }
  countersignatures: {
    applicationId: string
    keyId: string
    algorithm: string
    publicKey: string
    signature: string
  }[]
}

/** The one way to write a proof, so that no byte of it can be another: a line of JSON. */
export const proofText = (proof: ProofFile): string => `${JSON.stringify(proof)}\n`

/**
 * Items of one log under its newest head. Errors: throws sealing.log_not_found, head_not_found, item_not_sealed.
 */
export async function buildProof(
  deps: ProofDependencies,
  of: LogOf,
  itemIds: readonly string[],
): Promise<ProofFile> {
  const { db, logs } = deps
  const proofs = createProofs(deps)
  const { head, countersignatures } = await proofs.headDetail(of, 'newest')
  const items: ProofFile['items'] = []
  for (const itemId of itemIds) {
    const inclusion = await proofs.inclusion(of, { itemId }, head.size)
    items.push(itemOf(inclusion, await textOf(itemId)))
  }
  const { signatureAlgorithm: algorithm, publicKey, signature } = head
  return {
    form: PROOF_FORM,
    items,
    head: { text: headText(head), algorithm, publicKey, signature },
    countersignatures: countersignatures.map((signed) => ({
      applicationId: signed.applicationId,
      keyId: signed.keyId,
      algorithm: signed.algorithm,
      publicKey: signed.publicKey,
      signature: signed.signature,
    })),
  }

  async function textOf(id: string): Promise<string> {
    const source = logs.find(({ log }) => log.name === of.log)
    const page = { from: id, upTo: id, limit: 1 }
    const found = await inHospital(db, of.hospitalId as HospitalId, async (tx) =>
      source?.log.itemsFrom(tx, of.hospitalId, page),
    )
    if (!found || found.count === 0) throw sealingErrors.item_not_sealed({ log: of.log })
    const { start, end } = itemAt(found.packed, 0)
    return found.packed.toString('utf8', start, end)
  }
}

const itemOf = ({ leafIndex, path }: Inclusion, text: string) => ({
  text,
  leafIndex,
  path: path.map((hash) => hash.toString('hex')),
})
