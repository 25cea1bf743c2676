import postgres from 'postgres'

export interface RolePasswords {
  owner: string
  app: string
  retention: string
  backup: string
}

/**
 * Creates the four roles and the database, as an administrator of the server. Run again it sets the passwords anew.
 * The owner runs migrations; the app is neither owner nor superuser and cannot pass row-level security; the retention
 * role purges; the backup role reads everything and writes nothing.
 */
export async function prepareServer(
  adminUrl: string,
  database: string,
  passwords: RolePasswords,
): Promise<void> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined })
  try {
    for (const [name, password, attributes] of [
      ['attestry_owner', passwords.owner, 'nosuperuser nobypassrls'],
      ['attestry_app', passwords.app, 'nosuperuser nobypassrls'],
      ['attestry_retention', passwords.retention, 'nosuperuser nobypassrls'],
      ['attestry_backup', passwords.backup, 'nosuperuser bypassrls'],
    ] as const) {
      const [known] = await admin`select from pg_roles where rolname = ${name}`
      const verb = known ? 'alter' : 'create'
      await admin.unsafe(`${verb} role ${name} login ${attributes} password ${literal(password)}`)
    }
    const [exists] = await admin`select from pg_database where datname = ${database}`
    if (!exists) await admin.unsafe(`create database ${identifier(database)} owner attestry_owner`)
  } finally {
    await admin.end()
  }
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`
const literal = (value: string) => `'${value.replaceAll("'", "''")}'`
