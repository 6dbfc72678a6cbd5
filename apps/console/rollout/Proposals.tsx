import { Button } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { useActorName } from '../cases/words.ts'
import { Fault } from '../list/Fault.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { useDecideProposal } from './use-rollout.ts'
import { type Department, type Proposal, useRolloutWords } from './words.ts'

/** What is to be switched on and waits for a second person; nothing where nothing waits. */
export function Proposals({ departments }: { departments: readonly Department[] }) {
  const { hospitalId } = useStaff()
  const { data, error, refetch } = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/rollout-proposals',
    { params: { path: { hospitalId } } },
  )
  const waiting = data?.items.find(({ status }) => status === 'waiting')
  return (
    <>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {waiting && <Waiting proposal={waiting} departments={departments} />}
    </>
  )
}

type WaitingProps = { proposal: Proposal; departments: readonly Department[] }

function Waiting({ proposal, departments }: WaitingProps) {
  const { t } = useRolloutWords()
  const staff = useStaff()
  const actorName = useActorName()
  const decide = useDecideProposal(staff.hospitalId, { words: t('decided') })
  const { id, stage, scenes, departments: codes, note, proposedBy, proposedAt } = proposal
  const nameOf = (code: string) => departments.find((one) => one.code === code)?.name ?? code
  const isOwn = proposedBy === `staff:${staff.staffId}`
  return (
    <section className="card notice-held" aria-labelledby="rollout-waits">
      <h2 id="rollout-waits">{t('waits')}</h2>
      <p>
        {t(`stages.${stage}`)}：{scenes.map((scene) => t(`scenes.${scene}`)).join(t('comma'))} ·{' '}
        {codes === null ? t('allDepartments') : codes.map(nameOf).join(t('comma'))}
      </p>
      <p className="fine">
        {note} · {actorName(proposedBy)} <Moment at={proposedAt} form="exact" />
      </p>
      {decide.error !== null && <Fault error={decide.error} />}
      {may(staff, 'switchOn') && (
        <div className="actions">
          <Button loading={decide.isPending} onClick={() => decide.mutate({ id, agrees: false })}>
            {t(isOwn ? 'takeBack' : 'refuse')}
          </Button>
          {isOwn ? (
            <span className="fine">{t('anotherPerson')}</span>
          ) : (
            <Button
              type="primary"
              loading={decide.isPending}
              onClick={() => decide.mutate({ id, agrees: true })}
            >
              {t('agree')}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}
