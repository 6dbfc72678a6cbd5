import Type from 'typebox'

import { Instant, Uuid } from '../../platform/http/schemas.ts'
import { TREE_HASHES } from './hashing.ts'
import { HEAD_SIGNATURES, PARTNER_SIGNATURES } from './signature.ts'

// What the routes of sealing take and give, as JSON Schema.

const HospitalParam = Type.Integer({ minimum: 1, maximum: 1_679_615 })
const LogName = Type.String({ minLength: 1, maxLength: 30, examples: ['ledger', 'audit'] })
const Hash = Type.String({ description: '32 bytes in lower-case hex', pattern: '^[0-9a-f]{64}$' })
const MOST_LEAVES = 2 ** 48
const Size = Type.Integer({ minimum: 1, maximum: MOST_LEAVES })
const LeafIndex = Type.Integer({ minimum: 0, maximum: MOST_LEAVES })

export const OfHospital = Type.Object({ hospitalId: HospitalParam })
export const OfLog = Type.Object({ hospitalId: HospitalParam, log: LogName })
export const OfHead = Type.Object({ hospitalId: HospitalParam, log: LogName, size: Size })
export const OfItem = Type.Object({ hospitalId: HospitalParam, log: LogName, itemId: Uuid })
export const OfLeaf = Type.Object({ hospitalId: HospitalParam, log: LogName, index: LeafIndex })

export const AtSize = Type.Object({
  size: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MOST_LEAVES,
      description: 'Of the head; the newest one without it',
    }),
  ),
})

export const Between = Type.Object({ from: Size, to: Size })

export const NewCountersignatureBody = Type.Object(
  {
    keyId: Type.String({ format: 'uuid', description: 'Of a key that the application has here' }),
    signature: Type.String({
      minLength: 80,
      maxLength: 1_500,
      description:
        'Base64. Over the JSON array ["yiqiao/countersignature/1", application id, key id, text of the head] as JSON.stringify writes it',
    }),
  },
  { additionalProperties: false },
)

const CountersignatureFields = Type.Object({
  applicationId: Uuid,
  keyId: Uuid,
  algorithm: Type.Enum([...PARTNER_SIGNATURES]),
  publicKey: Type.String(),
  signature: Type.String(),
  signedAt: Instant,
})

export const HeadView = Type.Object(
  {
    log: LogName,
    size: Type.Integer({ description: 'How many items are sealed' }),
    treeHash: Type.Enum([...TREE_HASHES]),
    root: Hash,
    previousHash: Type.Union([Hash, Type.Null()]),
    sealedAt: Instant,
    text: Type.String({
      description: 'What is signed, and what the next head carries the hash of',
    }),
    keyId: Type.String(),
    algorithm: Type.Enum([...HEAD_SIGNATURES]),
    publicKey: Type.String({ description: 'Ed25519: PEM. SM2: the point in hex' }),
    signature: Type.String({ description: 'Base64' }),
    countersignatures: Type.Array(CountersignatureFields),
  },
  { $id: 'TreeHead' },
)

export const HeadRef = Type.Unsafe<Type.Static<typeof HeadView>>(Type.Ref('TreeHead'))

const Partners = Type.Array(
  Type.Object({ applicationId: Uuid, name: Type.Union([Type.String(), Type.Null()]) }),
)

export const StandingView = Type.Object({
  items: Type.Array(
    Type.Object({
      log: LogName,
      head: Type.Union([HeadRef, Type.Null()]),
      waiting: Type.Integer({ description: 'Items after the newest sealed one; 1001 is "many"' }),
      waitingSince: Type.Union([Instant, Type.Null()]),
      lagMs: Type.Integer(),
    }),
  ),
  partners: Partners,
})

const MOST_HEADS = 100

export const HeadsQuery = Type.Object({
  before: Type.Optional(Size),
  limit: Type.Integer({ minimum: 1, maximum: MOST_HEADS, default: 20 }),
})

export const HeadsView = Type.Object({
  items: Type.Array(HeadRef),
  next: Type.Union([Size, Type.Null()]),
  partners: Partners,
})

export const InclusionView = Type.Object(
  {
    itemId: Uuid,
    leafIndex: LeafIndex,
    leafHash: Hash,
    path: Type.Array(Hash, { description: 'From the leaf’s sibling up. RFC 6962 §2.1.1' }),
    head: HeadRef,
  },
  { $id: 'InclusionProof' },
)

export const InclusionRef = Type.Unsafe<Type.Static<typeof InclusionView>>(
  Type.Ref('InclusionProof'),
)

export const ConsistencyView = Type.Object({
  from: Type.Object({ size: Size, root: Hash }),
  to: Type.Object({ size: Size, root: Hash }),
  path: Type.Array(Hash, { description: 'RFC 6962 §2.1.2' }),
})

export const ProofFileView = Type.Object(
  {
    form: Type.String(),
    items: Type.Array(
      Type.Object({ text: Type.String(), leafIndex: LeafIndex, path: Type.Array(Hash) }),
    ),
    head: Type.Object({
      text: Type.String(),
      algorithm: Type.String(),
      publicKey: Type.String(),
      signature: Type.String(),
    }),
    countersignatures: Type.Array(
      Type.Object({
        applicationId: Uuid,
        keyId: Uuid,
        algorithm: Type.String(),
        publicKey: Type.String(),
        signature: Type.String(),
      }),
    ),
  },
  { $id: 'ProofFile', description: 'All that is needed to check it without us' },
)

export const CountersignatureView = Type.Object({
  ...CountersignatureFields.properties,
  size: Size,
})
