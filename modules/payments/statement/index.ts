// What the door of payments gives of the statement: everything a person paid, at all hospitals.
export { statementRoutes } from './routes.ts'
export { createStatements } from './statements.ts'
