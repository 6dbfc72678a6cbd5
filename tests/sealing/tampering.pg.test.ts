import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { addMs, DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import { ledgerLog } from '../../modules/ledger/sealed-log-store.ts'
import { leafHash } from '../../modules/sealing/hashing.ts'
import { type Head, headHash, signHead } from '../../modules/sealing/head.ts'
import { itemAt } from '../../modules/sealing/sealed-log.ts'
import type { Signer } from '../../modules/sealing/signature.ts'
import {
  HOSPITAL,
  newSigner,
  openSealingWorld,
  OTHER_HOSPITAL,
  postEntries,
  type SealingWorld,
} from '../../modules/sealing/testing/world.ts'
import { rootOf } from '../../modules/sealing/tree.ts'
import { inHospital } from '../../platform/db.ts'

// The eight tamperings of the security requirement S-94, each done by whoever owns the database server: no privilege,
// no policy and no foreign key holds them. What they do not have is the key, and the file of heads.

let world: SealingWorld
let ids: string[]

beforeEach(async () => {
  world = await openSealingWorld()
  ids = await postEntries(world, HOSPITAL, 20)
  await world.sealing.sealNext(HOSPITAL)
  await postEntries(world, OTHER_HOSPITAL, 5)
  await world.sealing.sealNext(OTHER_HOSPITAL)
  world.clock.advance(HOUR_MS)
  ids.push(...(await postEntries(world, HOSPITAL, 20)))
  await world.sealing.sealNext(HOSPITAL)
  await world.owner.query(`set session_replication_role = replica`) // no foreign key is looked at
})
afterEach(() => world[Symbol.asyncDispose]())

const tamper = (statement: string, values: unknown[] = []) => world.owner.query(statement, values)

describe('[B1] tampering is found', () => {
  it('and nothing is, where nobody tampered', async () => {
    expect(await world.findings()).toEqual([])
  })

  it.each([
    [
      'an amount',
      `update ledger.transfer set amount_fen = amount_fen + 1 where entry_id = $1 and line_no = 1`,
    ],
    [
      'an account',
      `update ledger.transfer set debit_account = 'mine' where entry_id = $1 and line_no = 1`,
    ],
    ['the day', `update ledger.entry set business_date = business_date + 1 where id = $1`],
    ['the memo', `update ledger.entry set memo = memo || ' ' where id = $1`],
    [
      'a line added',
      `insert into ledger.transfer select hospital_id, entry_id, 3, debit_account, credit_account, 1
      from ledger.transfer where entry_id = $1 and line_no = 1`,
    ],
    ['a line taken away', `delete from ledger.transfer where entry_id = $1 and line_no = 2`],
  ])('edit: %s', async (_what, statement) => {
    await tamper(statement, [ids[7]])
    expect(await world.findings()).toEqual([`item_changed ${ids[7]}`])
  })

  it('delete: an entry, with its lines', async () => {
    await tamper(`delete from ledger.transfer where entry_id = $1`, [ids[7]])
    await tamper(`delete from ledger.entry where id = $1`, [ids[7]])
    expect(await world.findings()).toEqual([`item_missing ${ids[7]}`])
  })

  it('delete: an entry and its leaf', async () => {
    await tamper(`delete from ledger.entry where id = $1`, [ids[7]])
    await tamper(`delete from sealing.leaf where item_id = $1`, [ids[7]])
    const found = await world.findings()
    expect(found).toContain('leaf_missing leaf 7')
    expect(found).toContain('root_differs head 40')
  })

  it('insert: an entry among old ones, before it is sealed and after', async () => {
    const late = await postBackdated()
    expect(await world.findings()).toEqual([`item_not_sealed ${late}`])
    world.clock.advance(DAY_MS) // everything is gone over once a day
    expect(await world.sealing.sealNext(HOSPITAL)).toBe(1)
    expect(await world.findings()).toEqual([`item_backdated ${late}`])
  })

  it('insert: an entry with a leaf', async () => {
    const late = await postBackdated()
    await tamper(
      `insert into sealing.leaf select hospital_id, log, 40, $1, leaf_hash from sealing.leaf where item_id = $2`,
      [late, ids[7]],
    )
    const found = await world.findings()
    expect(found).toContain('leaf_beyond_head leaf 40')
    expect(found).toContain(`item_not_sealed ${late}`)
  })

  it('reorder: two leaves', async () => {
    await tamper(`update sealing.leaf set leaf_index = 1000 where item_id = $1`, [ids[3]])
    await tamper(`update sealing.leaf set leaf_index = 3 where item_id = $1`, [ids[4]])
    await tamper(`update sealing.leaf set leaf_index = 4 where item_id = $1`, [ids[3]])
    expect(await world.findings()).toContain('root_differs head 20')
  })

  it('reorder: two lines of an entry', async () => {
    await tamper(`update ledger.transfer set line_no = 3 - line_no + 10 where entry_id = $1`, [
      ids[7],
    ])
    await tamper(`update ledger.transfer set line_no = line_no - 10 where entry_id = $1`, [ids[7]])
    expect(await world.findings()).toEqual([`item_changed ${ids[7]}`])
  })

  it('truncate tail: entries, leaves and head as if they had never been', async () => {
    await truncate()
    expect(await world.findings({ withFile: false })).toEqual([])
    expect(await world.findings()).toEqual(['head_missing head 40'])
  })

  it('truncate tail: nothing is sealed on what is left', async () => {
    await truncate()
    await postEntries(world, HOSPITAL, 30)
    await expect(world.sealing.sealNext(HOSPITAL)).rejects.toMatchObject({
      code: 'sealing.log_truncated',
      params: { size: 20, filed: 40 },
    })
  })

  it('truncate tail: a whole log', async () => {
    for (const table of ['sealing.head', 'sealing.leaf', 'sealing.node', 'ledger.entry']) {
      await tamper(`delete from ${table} where hospital_id = 2`)
    }
    expect(await world.findings()).toEqual(['head_missing head 5'])
  })

  it('swap tenants: an entry to another hospital, and two whole logs', async () => {
    await tamper(`update ledger.entry set hospital_id = 2 where id = $1`, [ids[7]])
    await tamper(`update ledger.transfer set hospital_id = 2 where entry_id = $1`, [ids[7]])
    expect(await world.findings()).toContain(`item_missing ${ids[7]}`)
    await tamper(`update ledger.entry set hospital_id = 1 where id = $1`, [ids[7]])
    await tamper(`update ledger.transfer set hospital_id = 1 where entry_id = $1`, [ids[7]])
    expect(await world.findings()).toEqual([])
    for (const table of [
      'ledger.entry',
      'ledger.transfer',
      'sealing.head',
      'sealing.leaf',
      'sealing.node',
    ]) {
      await tamper(`update ${table} set hospital_id = 3 - hospital_id + 10`)
      await tamper(`update ${table} set hospital_id = hospital_id - 10`)
    }
    const found = await world.findings({ withFile: false })
    expect(found).toContain('signature_wrong head 5')
    expect(found).toContain('signature_wrong head 40')
    expect(found).toContain(`item_changed ${ids[0]}`)
  })

  it('re-chain: everything made anew, by who has no key', async () => {
    await rechain(newSigner('ed25519'))
    const found = await world.findings({ withFile: false })
    expect(found).toEqual(['key_unknown head 20', 'key_unknown head 40'])
  })

  it('re-chain: under the name of the key', async () => {
    const forger = {
      ...newSigner('ed25519'),
      keyId: world.signer.keyId,
      publicKey: world.signer.publicKey,
    }
    await rechain(forger)
    const found = await world.findings({ withFile: false })
    expect(found).toEqual(['signature_wrong head 20', 'signature_wrong head 40'])
  })

  it('re-chain: with the key itself, against the file; and nothing is sealed on it', async () => {
    await rechain(world.signer)
    expect(await world.findings({ withFile: false })).toEqual([])
    expect(await world.findings()).toEqual(['head_differs head 20', 'head_differs head 40'])
    await postEntries(world, HOSPITAL, 1)
    await expect(world.sealing.sealNext(HOSPITAL)).rejects.toMatchObject({
      code: 'sealing.head_differs',
    })
  })

  it('clock: the moment of an entry, to the microsecond', async () => {
    await tamper(
      `update ledger.entry set created_at = created_at + interval '1 microsecond' where id = $1`,
      [ids[7]],
    )
    expect(await world.findings()).toEqual([`item_changed ${ids[7]}`])
  })

  it('clock: the moment of a head, and of one signed with the clock set back', async () => {
    await tamper(
      `update sealing.head set sealed_at = sealed_at - interval '2 hours' where size = 40`,
    )
    const found = await world.findings({ withFile: false })
    expect(found).toEqual(['signature_wrong head 40', 'time_goes_back head 40'])
    await rechain(world.signer, (head) =>
      head.previousSize === 0 ? head.sealedAt : addMs(head.sealedAt, -2 * HOUR_MS),
    )
    expect(await world.findings({ withFile: false })).toEqual(['time_goes_back head 40'])
  })

  it('and so is what is kept of the tree, and a head that nothing else tells of', async () => {
    await tamper(`update sealing.node set hash = sha256(hash) where level = 4 and node_index = 1`)
    expect(await world.findings()).toEqual(['node_differs level 4, 1'])
    await postEntries(world, HOSPITAL, 1)
    await expect(world.sealing.sealNext(HOSPITAL)).rejects.toMatchObject({
      code: 'sealing.tree_broken',
    })
    await tamper(`delete from sealing.head where size = 20`)
    const found = await world.findings()
    expect(found).toContain('chain_broken head 40')
    expect(found).toContain('head_missing head 20')
  })
})

/** An entry that claims to be from long before the newest ones. */
async function postBackdated(): Promise<string> {
  const id = ids[7]?.replace(/.{4}$/, 'ffff') ?? ''
  await tamper(
    `insert into ledger.entry (hospital_id, id, business_date, cause, subject, memo, created_at)
      select hospital_id, $1, business_date, 'planted', subject, memo, created_at from ledger.entry where id = $2`,
    [id, ids[7]],
  )
  return id
}

async function truncate(): Promise<void> {
  await tamper(`delete from sealing.head where hospital_id = 1 and size > 20`)
  await tamper(`delete from sealing.leaf where hospital_id = 1 and leaf_index >= 20`)
  await tamper(`delete from sealing.node where hospital_id = 1 and node_index >= 1`)
  await tamper(`delete from ledger.transfer where hospital_id = 1 and entry_id > $1`, [ids[19]])
  await tamper(`delete from ledger.entry where hospital_id = 1 and id > $1`, [ids[19]])
}

/** Changes an amount, and makes leaves, nodes and heads anew so that all of them agree. */
async function rechain(signer: Signer, timeOf = (head: Head) => head.sealedAt): Promise<void> {
  await tamper(`update ledger.transfer set amount_fen = 1 where entry_id = $1 and line_no = 1`, [
    ids[7],
  ])
  const page = { from: ids[0] ?? '', upTo: ids.at(-1) ?? '', limit: 100 }
  const { packed } = await inHospital(world.db, HOSPITAL, (tx) =>
    ledgerLog.itemsFrom(tx, HOSPITAL, page),
  )
  const leaves: Buffer[] = []
  for (let at = 0; at < packed.length; at = itemAt(packed, at).end) {
    const { start, end } = itemAt(packed, at)
    const leaf = leafHash('sha256', packed.subarray(start, end))
    await tamper(
      `update sealing.leaf set leaf_hash = $1 where hospital_id = 1 and leaf_index = $2`,
      [leaf, leaves.length],
    )
    leaves.push(leaf)
  }
  for (const index of [0, 1]) {
    const hash = rootOf('sha256', leaves.slice(index * 16, index * 16 + 16))
    await tamper(`update sealing.node set hash = $1 where hospital_id = 1 and node_index = $2`, [
      hash,
      index,
    ])
  }
  let previousHash: Buffer | null = null
  for (const size of [20, 40]) {
    const { head } = await world.sealing.headDetail({ hospitalId: HOSPITAL, log: 'ledger' }, size)
    const root = Buffer.from(rootOf('sha256', leaves.slice(0, size)))
    const made: Head = signHead(signer, { ...head, root, previousHash, sealedAt: timeOf(head) })
    previousHash = headHash(made)
    await tamper(
      `update sealing.head set root = $1, previous_hash = $2, sealed_at = $3, key_id = $4, public_key = $5,
        signature = $6 where hospital_id = 1 and size = $7`,
      [
        made.root,
        made.previousHash,
        made.sealedAt,
        made.keyId,
        made.publicKey,
        made.signature,
        size,
      ],
    )
  }
}
