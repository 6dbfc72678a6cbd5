import { addDays, MINUTE_MS } from '../../../kernel/time.ts'
import { api } from '../api.ts'
import { Chart } from '../charts/Chart.tsx'
import { today } from '../clock.ts'
import { type Column, DataTable } from '../list/DataTable.tsx'
import { Empty } from '../list/Empty.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { accuracyOption } from './accuracy.ts'
import { ScreenForm } from './forms.tsx'
import { QueueTabs } from './QueueTabs.tsx'
import { type Accuracy, useQueueWords } from './words.ts'

const DAYS = 30

/** How far the waiting times that people were told are off, beside a naive mean; and the screens on the walls. */
export function AccuracyPage() {
  const { t } = useQueueWords()
  const staff = useStaff()
  usePageTitle(t('accuracy.title'))
  const to = today()
  const list = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/queue/accuracy', {
    params: {
      path: { hospitalId: staff.hospitalId },
      query: { from: addDays(to, 1 - DAYS), to },
    },
  })
  const rows = list.data?.items
  return (
    <div className="page">
      <header className="page-head">
        <h1>{t('accuracy.title')}</h1>
        <p className="fine on-wide-only">{t('accuracy.hint', { days: DAYS })}</p>
      </header>
      <QueueTabs at="accuracy" />
      {rows && rows.length > 0 && (
        <section className="card" aria-label={t('accuracy.chart')}>
          <Chart
            label={t('accuracy.chart')}
            option={accuracyOption(rows, { ours: t('accuracy.error'), naive: t('accuracy.naive') })}
          />
        </section>
      )}
      <DataTable
        label={t('accuracy.title')}
        columns={useColumns()}
        rows={rows}
        rowKey={({ departmentCode, doctorCode }) => `${departmentCode} ${doctorCode}`}
        query={list}
        empty={<Empty text={t('accuracy.none')} />}
      />
      {may(staff, 'keepQueue') && <ScreenForm />}
    </div>
  )
}

function useColumns(): Column<Accuracy>[] {
  const { t } = useQueueWords()
  const minutes = (ms: number) => t('accuracy.minutes', { minutes: (ms / MINUTE_MS).toFixed(1) })
  return [
    {
      key: 'who',
      title: t('accuracy.who'),
      cell: ({ departmentName, doctorName }) =>
        [departmentName, doctorName].filter(Boolean).join(' · '),
    },
    { key: 'people', title: t('accuracy.people'), isNumber: true, cell: ({ people }) => people },
    {
      key: 'error',
      title: t('accuracy.error'),
      isNumber: true,
      cell: ({ errorMs }) => minutes(errorMs),
    },
    {
      key: 'naive',
      title: t('accuracy.naive'),
      isNumber: true,
      onWideOnly: true,
      cell: ({ naiveErrorMs }) => minutes(naiveErrorMs),
    },
    {
      key: 'within',
      title: t('accuracy.within'),
      isNumber: true,
      cell: ({ withinPercent }) => `${withinPercent}%`,
    },
  ]
}
