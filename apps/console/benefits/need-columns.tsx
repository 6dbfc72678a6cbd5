import { Button } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { today } from '../clock.ts'
import type { Column } from '../list/DataTable.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { may, useStaff } from '../shell/staff.ts'
import type { Need, Patient } from './model.ts'
import { PatientName } from './Patient.tsx'
import { useActor, useBenefitWords } from './words.ts'

type NeedColumns = {
  nameOf: (personId: string) => Patient | null
  onEnd: (need: Need) => void
}

export function useNeedColumns({ nameOf, onEnd }: NeedColumns): Column<Need>[] {
  const { t } = useBenefitWords()
  const actorName = useActor()
  const isFinance = may(useStaff(), 'grantBenefits')
  return [
    {
      key: 'person',
      title: t('person'),
      cell: ({ personId }) => <PatientName personId={personId} patient={nameOf(personId)} />,
    },
    {
      key: 'kind',
      title: t('needs.kind'),
      cell: ({ kind, foundBy }) => (
        <span className="two-lines">
          <span>{t(`needs.kinds.${kind}`)}</span>
          <span className="fine">{t(`needs.foundBys.${foundBy}`)}</span>
        </span>
      ),
    },
    {
      key: 'document',
      title: t('needs.document'),
      onWideOnly: true,
      cell: ({ document, validFrom, validUntil }) => (
        <span className="two-lines">
          <span>{document}</span>
          <span className="fine">
            {t('programmes.from', { from: validFrom, until: validUntil })}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('status'),
      onWideOnly: true,
      cell: (need) => <NeedState need={need} />,
    },
    {
      key: 'entered',
      title: t('needs.enteredBy'),
      onWideOnly: true,
      cell: ({ enteredBy, enteredAt }) => (
        <span className="two-lines">
          {actorName(enteredBy)}
          <Moment at={enteredAt} form="exact" />
        </span>
      ),
    },
    {
      key: 'act',
      title: t('act'),
      cell: (need) =>
        need.endedAt === null && isFinance ? (
          <Button size="small" danger onClick={() => onEnd(need)}>
            {t('needs.end')}
          </Button>
        ) : (
          <span className="fine">{need.endReason ?? '—'}</span>
        ),
    },
  ]
}

function NeedState({ need: { endedAt, validFrom, validUntil } }: { need: Need }) {
  const { t } = useBenefitWords()
  const day = today()
  if (endedAt !== null) return <StatusChip tone="plain" icon="missing" text={t('needs.isEnded')} />
  if (validUntil < day) return <StatusChip tone="plain" icon="clock" text={t('needs.isOver')} />
  if (validFrom > day) return <StatusChip tone="held" icon="clock" text={t('needs.isToCome')} />
  return <StatusChip tone="good" icon="check" text={t('needs.holds')} />
}
