import { Link } from '@tanstack/react-router'
import { Button, Skeleton } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { isProposedBy } from '../benefits/model.ts'
import { useActorName } from '../cases/words.ts'
import { Empty } from '../list/Empty.tsx'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { PersonTabs } from './PersonTabs.tsx'
import { ReasonForm } from './ReasonForm.tsx'
import { useDecideAct } from './use-acts.ts'
import { type Act, usePersonWords } from './words.ts'

/** What one of staff proposed about two records, and another has to decide. */
export function ActsPage() {
  const { t } = usePersonWords()
  const { hospitalId } = useStaff()
  usePageTitle(t('tabs.waiting'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/person-index/acts', {
    params: { path: { hospitalId } },
  })
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('waiting.hint')}</p>
      </header>
      <PersonTabs at="waiting" />
      {list.error !== null && <Fault error={list.error} onRetry={() => void list.refetch()} />}
      {!list.data && list.error === null && <Skeleton active paragraph={{ rows: 6 }} />}
      {list.data?.items.length === 0 && <Empty text={t('waiting.none')} />}
      {list.data?.items.map((act) => (
        <ActCard key={act.id} act={act} />
      ))}
    </div>
  )
}

function ActCard({ act }: { act: Act }) {
  const { t } = usePersonWords()
  const actorName = useActorName()
  const { id, kind, names, survivorId, reason, facts, proposedBy, proposedAt } = act
  const [name = '', survivor = ''] = names
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{t(`acts.${kind}`, { name, survivor })}</h2>
      <ul className="object-facts">
        <li>
          {actorName(proposedBy)} <Moment at={proposedAt} form="exact" />
        </li>
        <li>{t('waiting.because', { reason })}</li>
        {facts.payments !== null && <li>{t('waiting.payments', { count: facts.payments })}</li>}
        {facts.openRefunds !== null && facts.openRefunds > 0 && (
          <li className="tone-held">{t('waiting.refunds', { count: facts.openRefunds })}</li>
        )}
        {facts.doubts.map((doubt) => (
          <li key={doubt} className="tone-held">
            {t(`doubts.${doubt}`)}
          </li>
        ))}
        <li>
          <Link to="/persons/of/$personId" params={{ personId: survivorId }}>
            {t('waiting.look')}
          </Link>
        </li>
      </ul>
      <Decision act={act} />
    </section>
  )
}

function Decision({ act: { id, kind, proposedBy } }: { act: Act }) {
  const { t } = usePersonWords()
  const staff = useStaff()
  const { hospitalId } = staff
  const decide = useDecideAct({ hospitalId, id }, { words: t('waiting.done') })
  if (!may(staff, 'joinPersons')) return <p className="notice-held">{t('readOnly')}</p>
  if (isProposedBy(proposedBy, staff)) return <p className="notice-held">{t('waiting.mine')}</p>
  const send = (agrees: boolean) => (reason: string) => decide.mutate({ agrees, reason })
  return (
    <ReasonForm
      label={t(`waiting.agree.${kind}`)}
      error={decide.error}
      onSubmit={send(true)}
      buttons={(reason) => (
        <>
          <Button
            type="primary"
            htmlType="submit"
            disabled={reason === ''}
            loading={decide.isPending}
          >
            {t(`waiting.agree.${kind}`)}
          </Button>
          <Button
            danger
            disabled={reason === '' || decide.isPending}
            onClick={() => send(false)(reason)}
          >
            {t('waiting.decline')}
          </Button>
        </>
      )}
    />
  )
}
