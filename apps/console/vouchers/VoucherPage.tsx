import { getRouteApi, Link } from '@tanstack/react-router'
import { Skeleton } from 'antd'

import { Moment } from '../../web/Moment.tsx'
import { api } from '../api.ts'
import { Fault } from '../list/Fault.tsx'
import { Pager } from '../list/Pager.tsx'
import { pageOf } from '../list/use-list-figure.ts'
import { given } from '../search/params.ts'
import { Icon } from '../shell/Icon.tsx'
import { may, useStaff } from '../shell/staff.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AcknowledgeForm } from './AcknowledgeForm.tsx'
import { BOOKS, type Book, numberOf, type Voucher } from './model.ts'
import { Paper } from './Paper.tsx'
import { SourcesCard } from './SourcesCard.tsx'
import { useVoucherWords } from './words.ts'

const PAGE_LINES = 200
const route = getRouteApi('/office/vouchers/$voucherId')

/** A voucher as it lies on paper; each of its lines opens what it is the sum of. */
export function VoucherPage() {
  const { t } = useVoucherWords()
  const { voucherId: id } = route.useParams()
  const { book = 'financial', line } = route.useSearch()
  const { hospitalId } = useStaff()
  const one = api.query.useQuery('get', '/v1/hospitals/{hospitalId}/accounting/vouchers/{id}', {
    params: { path: { hospitalId, id } },
  })
  const { data, error, refetch } = one
  usePageTitle(data ? `${t('voucher')} ${numberOf(data.voucher)}` : t('voucher'))
  return (
    <div className="page bank-list settlement-page">
      <p className="crumbs">
        <Link to="/vouchers">{t('title')}</Link> <Icon name="right" />
      </p>
      {error !== null && <Fault error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton active paragraph={{ rows: 10 }} />}
      {data && (
        <>
          <Head voucher={data.voucher} isStandard={data.isStandard} />
          <nav className="views" aria-label={t('books.label')}>
            {BOOKS.map((each) => (
              <Link
                key={each}
                to="/vouchers/$voucherId"
                params={{ voucherId: id }}
                search={{ book: each }}
                aria-current={each === book ? 'page' : undefined}
              >
                {t(`books.${each}`)}
              </Link>
            ))}
          </nav>
          <Lines voucher={data.voucher} subjects={data.subjects} book={book} />
          {line !== undefined && (
            <SourcesCard key={`${book} ${line}`} voucherId={id} book={book} lineNo={line} />
          )}
        </>
      )}
    </div>
  )
}

type HeadProps = { voucher: Voucher; isStandard: boolean }

function Head({ voucher, isStandard }: HeadProps) {
  const { t } = useVoucherWords()
  const staff = useStaff()
  const { madeAt, version, erpNo, id } = voucher
  return (
    <header className="object-head bank-head">
      <div>
        <h1>
          {t('voucher')} {numberOf(voucher)}
        </h1>
        <ul className="object-facts">
          <li>
            {t('madeAt')} <Moment at={madeAt} form="exact" />
          </li>
          {version > 1 && <li>{t('later', { version })}</li>}
          <li>{t(isStandard ? 'byStandard' : 'byOwn')}</li>
          <li>{erpNo === null ? t('notTaken') : t('taken', { no: erpNo })}</li>
        </ul>
      </div>
      {erpNo === null && may(staff, 'reconcile') && <AcknowledgeForm voucherId={id} />}
    </header>
  )
}

type LinesProps = {
  voucher: Voucher
  subjects: Readonly<Record<string, string>>
  book: Book
}

function Lines({ voucher, subjects, book }: LinesProps) {
  const { hospitalId } = useStaff()
  const { after } = route.useSearch()
  const navigate = route.useNavigate()
  const query = { ...given({ after }), book, limit: PAGE_LINES }
  const lines = api.query.useQuery(
    'get',
    '/v1/hospitals/{hospitalId}/accounting/vouchers/{id}/lines',
    { params: { path: { hospitalId, id: voucher.id }, query: { after: 0, ...query } } },
  )
  const rows = lines.data?.items
  const { last, isWhole, pager } = pageOf(rows, {
    rowsOfPage: PAGE_LINES,
    isFirst: after === undefined,
  })
  if (lines.error !== null) {
    return <Fault error={lines.error} onRetry={() => void lines.refetch()} />
  }
  if (!rows) return <Skeleton active paragraph={{ rows: 8 }} />
  return (
    <>
      <Paper voucher={voucher} subjects={subjects} book={book} lines={rows} isWhole={isWhole} />
      {!isWhole && (
        <Pager
          {...pager}
          onFirst={() => void navigate({ search: { book } })}
          onNext={() => last && void navigate({ search: { book, after: last.lineNo } })}
        />
      )}
    </>
  )
}
