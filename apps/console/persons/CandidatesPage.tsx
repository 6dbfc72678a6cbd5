import { getRouteApi, Link } from '@tanstack/react-router'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { Pager } from '../list/Pager.tsx'
import { StatusChip } from '../list/StatusChip.tsx'
import { useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { PersonTabs } from './PersonTabs.tsx'
import { bitsText, type Candidate, LOOK_OF_GRADE, usePersonWords } from './words.ts'

const PAGE_ROWS = 50
const route = getRouteApi('/office/persons')

/** The work list: pairs of records that might be of one person, the surest first. Nothing here is linked by itself. */
export function CandidatesPage() {
  const { t } = usePersonWords()
  const { hospitalId } = useStaff()
  const { after } = route.useSearch()
  const navigate = route.useNavigate()
  usePageTitle(t('title'))
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/person-index/candidates', {
    params: { path: { hospitalId }, query: { limit: PAGE_ROWS, ...(after ? { after } : {}) } },
  })
  const rows = list.data?.items
  const last = rows?.at(-1)
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('title')}</h1>
        <p className="fine on-wide-only">{t('hint')}</p>
      </header>
      <PersonTabs at="candidates" />
      <section className="card" aria-label={t('tabs.candidates')}>
        <DataTable
          label={t('tabs.candidates')}
          columns={useColumns()}
          rows={rows}
          rowKey={({ id }) => id}
          query={list}
          empty={<Empty text={t('none')} />}
        />
        <Pager
          shown={rows?.length}
          hasMore={rows?.length === PAGE_ROWS}
          isFirst={after === undefined}
          onFirst={() => void navigate({ search: {} })}
          onNext={() => last && void navigate({ search: { after: last.id } })}
        />
      </section>
    </div>
  )
}

function useColumns(): Column<Candidate>[] {
  const { t } = usePersonWords()
  return [
    {
      key: 'names',
      title: t('pair'),
      cell: ({ id, names: [low, high] }) => (
        <Link to="/persons/$candidateId" params={{ candidateId: id }}>
          {t('andText', { low, high })}
        </Link>
      ),
    },
    {
      key: 'grade',
      title: t('grade'),
      cell: ({ grade }) => <StatusChip {...LOOK_OF_GRADE[grade]} text={t(`grades.${grade}`)} />,
    },
    {
      key: 'bits',
      title: t('bits'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ millibits }) => bitsText(millibits),
    },
    {
      key: 'doubts',
      title: t('doubtsTitle'),
      onWideOnly: true,
      cell: ({ doubts }) => doubts.map((doubt) => t(`doubts.${doubt}`)).join(t('comma')),
    },
    {
      key: 'raised',
      title: t('raisedAt'),
      onWideOnly: true,
      cell: ({ raisedAt }) => <Moment at={raisedAt} form="exact" />,
    },
  ]
}
