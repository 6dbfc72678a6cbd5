import { assert } from '../../../../kernel/assert.ts'
import { type Fen, fen } from '../../../../kernel/money.ts'
import { businessDate, type BusinessDate } from '../../../../kernel/time.ts'
import { type Cover, paysFrom } from './benefit.ts'
import { type Context, Refusal, today } from './context.ts'
import type { PolicyGrant, Product } from './products.ts'

export type Policy = Cover & { policyNo: string; idCardNo: string; holderName: string }

/** What a policy is worth on a day, for whoever verifies it. */
export type PolicyView = {
  policyNo: string
  product: Product
  beginsOn: BusinessDate
  endsOn: BusinessDate
  paysFrom: BusinessDate
  state: Cover['state']
  deductibleUsedFen: Fen
  benefitUsedFen: Fen
}

/** Writes what was sold; what is known already stays as it is. Asserts on a product nobody sells. */
export function sellPolicies({ store, products }: Context, grants: readonly PolicyGrant[]): void {
  for (const grant of grants) {
    assert(products.has(grant.product), `${grant.product} is sold here`)
    store.run(
      `insert into policy (policy_no, product, id_card_no, holder_name, begins_on, ends_on)
       values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
      [
        grant.policyNo,
        grant.product,
        grant.idCardNo,
        grant.holderName,
        grant.beginsOn,
        grant.endsOn,
      ],
    )
  }
}

/** The policies of one person. Errors: refuses a name that is not the one of the policies. */
export function policiesOf(
  context: Context,
  person: { idCardNo: string; name: string },
): PolicyView[] {
  const rows = context.store.all<PolicyRow>(
    'select * from policy where id_card_no = ? order by policy_no',
    [person.idCardNo],
  )
  if (rows.some((row) => row.holder_name !== person.name)) {
    throw new Refusal('person_not_matched', '姓名与证件号码不符')
  }
  return rows.map((row) => viewOf(context, toPolicy(context, row)))
}

export function findPolicy(context: Context, policyNo: string): Policy | null {
  const row = context.store.get<PolicyRow>('select * from policy where policy_no = ?', [policyNo])
  return row && toPolicy(context, row)
}

/** Ends a policy, or has it rest, from now on and whatever was promised. True when there is such a policy. */
export function setPolicyState(context: Context, policyNo: string, state: Cover['state']): boolean {
  if (findPolicy(context, policyNo) === null) return false
  context.store.run('update policy set state = ? where policy_no = ?', [state, policyNo])
  return true
}

/** Adds to what is used of the policy's year; below zero for what is given back. */
export function useOfYear(
  { store }: Context,
  policyNo: string,
  use: { benefitFen: Fen; deductibleFen: Fen },
): void {
  store.run(
    `update policy set benefit_used_fen = benefit_used_fen + ?,
       deductible_used_fen = deductible_used_fen + ? where policy_no = ?`,
    [use.benefitFen, use.deductibleFen, policyNo],
  )
}

export const viewOf = (context: Context, policy: Policy): PolicyView => ({
  policyNo: policy.policyNo,
  product: policy.product,
  beginsOn: policy.beginsOn,
  endsOn: policy.endsOn,
  paysFrom: paysFrom(policy.beginsOn, policy.product),
  state: today(context) > policy.endsOn ? 'lapsed' : policy.state,
  deductibleUsedFen: policy.deductibleUsedFen,
  benefitUsedFen: policy.benefitUsedFen,
})

function toPolicy({ products }: Context, row: PolicyRow): Policy {
  const product = products.get(row.product)
  assert(product, `product ${row.product} is sold here`)
  return {
    policyNo: row.policy_no,
    product,
    idCardNo: row.id_card_no,
    holderName: row.holder_name,
    beginsOn: businessDate(row.begins_on),
    endsOn: businessDate(row.ends_on),
    state: row.state,
    deductibleUsedFen: fen(row.deductible_used_fen),
    benefitUsedFen: fen(row.benefit_used_fen),
  }
}

type PolicyRow = {
  policy_no: string
  product: string
  id_card_no: string
  holder_name: string
  begins_on: string
  ends_on: string
  state: Cover['state']
  deductible_used_fen: number
  benefit_used_fen: number
}
