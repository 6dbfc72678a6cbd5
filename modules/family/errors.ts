import { defineErrors } from '../../kernel/error.ts'

export const familyErrors = defineErrors('family', {
  not_allowed: 'forbidden', // `because` says how the link stands, or that there is none
  scope_missing: 'forbidden', // it stands, for other things than this
  not_for_others: 'forbidden', // everybody does this for themself alone
  no_such_person: 'not_found', // nobody has this number and this name
  self: 'invalid',
  carer_too_young: 'forbidden',
  proof_needed: 'invalid', // a minor decides nothing: the desk sees documents
  scopes_wrong: 'invalid', // to pay is to see
  expires_wrong: 'invalid',
  text_outdated: 'conflict',
  asked_already: 'conflict',
  too_many_members: 'rejected',
  too_many_carers: 'rejected',
  too_many_asks: 'limited',
  link_not_found: 'not_found',
  not_waiting: 'conflict',
  not_standing: 'conflict',
  evidence_wrong: 'invalid',
  only_at_a_desk: 'conflict', // what stands by documents is ended where documents are seen
})
