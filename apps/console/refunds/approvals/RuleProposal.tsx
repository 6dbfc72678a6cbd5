import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { Moment } from '../../../web/Moment.tsx'
import { api } from '../../api.ts'
import { useActorName } from '../../cases/words.ts'
import { Fault } from '../../list/Fault.tsx'
import { announce } from '../../shell/announce.ts'
import { may, useStaff } from '../../shell/staff.ts'
import type { RuleView } from './rule-draft.ts'
import { RuleFacts } from './RuleFacts.tsx'

/** A looser rule that somebody proposed: it holds once somebody else agrees, and not before. */
export function RuleProposal({ proposal }: { proposal: NonNullable<RuleView['proposal']> }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const actorName = useActorName()
  const queryClient = useQueryClient()
  const decide = api.query.useMutation(
    'post',
    '/v1/hospitals/{hospitalId}/refund-rule/proposals/{id}/decision',
    {
      onSuccess: (_rule, { body: { isAgreed } }) =>
        announce(t(isAgreed ? 'approvals.rule.changed' : 'approvals.rule.ended')),
      onSettled: () => queryClient.invalidateQueries(),
    },
  )
  const send = (isAgreed: boolean) =>
    decide.mutate({
      params: { path: { hospitalId: staff.hospitalId, id: proposal.id } },
      body: { isAgreed },
    })
  const isOwn = proposal.proposedBy === `staff:${staff.staffId}`
  const mayDecide = may(staff, 'setRefundRule') || may(staff, 'approveRefund')
  return (
    <section aria-labelledby="rule-proposal">
      <h3 id="rule-proposal">{t('approvals.rule.proposal')}</h3>
      <p className="fine">
        {actorName(proposal.proposedBy)} <Moment at={proposal.createdAt} form="exact" />
      </p>
      <RuleFacts rule={proposal.rule} />
      {mayDecide && (
        <footer className="refund-foot">
          <Button onClick={() => send(false)} loading={decide.isPending}>
            {t('approvals.rule.end')}
          </Button>
          {!isOwn && (
            <Button type="primary" onClick={() => send(true)} loading={decide.isPending}>
              {t('approvals.rule.agree')}
            </Button>
          )}
        </footer>
      )}
      {isOwn && <p className="fine">{t('approvals.rule.byAnother')}</p>}
      {decide.error !== null && <Fault error={decide.error} />}
    </section>
  )
}
