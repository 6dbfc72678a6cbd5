import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api } from '../../api.ts'
import { TextField } from '../../channels/TextField.tsx'
import { Fault } from '../../list/Fault.tsx'
import { announce } from '../../shell/announce.ts'
import { may, useStaff } from '../../shell/staff.ts'
import { draftOfRule, readRuleDraft, type RefundRule, type RuleDraft } from './rule-draft.ts'
import { RuleFacts } from './RuleFacts.tsx'
import { RuleProposal } from './RuleProposal.tsx'

/** What takes two people here. Said by the hospital's IT, as finance does not say how much it may give back alone. */
export function RuleCard() {
  const { t } = useTranslation()
  const staff = useStaff()
  const { hospitalId } = staff
  const [isEditing, setEditing] = useState(false)
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/refund-rule',
    { params: { path: { hospitalId } } },
  )
  return (
    <section className="card" aria-labelledby="rule-title">
      <div className="card-head">
        <h2 id="rule-title">{t('approvals.rule.title')}</h2>
        {data && !isEditing && may(staff, 'setRefundRule') && (
          <Button size="small" onClick={() => setEditing(true)}>
            {t('approvals.rule.change')}
          </Button>
        )}
      </div>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {data && isEditing && <RuleForm rule={data} onDone={() => setEditing(false)} />}
      {data && !isEditing && (
        <>
          <RuleFacts rule={data} />
          {!may(staff, 'setRefundRule') && <p className="fine">{t('approvals.rule.byIt')}</p>}
          {data.proposal && <RuleProposal proposal={data.proposal} />}
        </>
      )}
    </section>
  )
}

const FIELDS = [
  'above',
  'lateAfterDays',
  'mostADay',
  'hisAbove',
] as const satisfies (keyof RuleDraft)[]

function RuleForm({ rule, onDone }: { rule: RefundRule; onDone: () => void }) {
  const { t } = useTranslation()
  const { hospitalId } = useStaff()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(draftOfRule(rule))
  const set = api.query.useMutation('put', '/v1/hospitals/{hospitalId}/refund-rule', {
    onSuccess: async ({ proposal }) => {
      announce(t(proposal ? 'approvals.rule.proposed' : 'approvals.rule.changed'))
      await queryClient.invalidateQueries()
      onDone()
    },
  })
  const read = readRuleDraft(draft)
  const problem = 'problem' in read ? read.problem : null
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (!('problem' in read)) set.mutate({ params: { path: { hospitalId } }, body: read })
  }
  return (
    <form className="note-form" onSubmit={send}>
      {FIELDS.map((name) => (
        <TextField
          key={name}
          label={t(`approvals.rule.${name}`)}
          hint={t(`approvals.rule.${problem === name ? `wrong.${name}` : 'blank'}`)}
          isWrong={problem === name}
          isNumber
          maxLength={12}
          value={draft[name]}
          onChange={(value) => setDraft({ ...draft, [name]: value })}
        />
      ))}
      {set.error !== null && <Fault error={set.error} />}
      <footer className="refund-foot">
        <Button onClick={onDone}>{t('approvals.rule.cancel')}</Button>
        <Button
          type="primary"
          htmlType="submit"
          disabled={problem !== null}
          loading={set.isPending}
        >
          {t('approvals.rule.save')}
        </Button>
      </footer>
    </form>
  )
}
