const URL_FORM = 'must begin with https:// or http://';

/** What the `pattern` of a variable asks for, by its name; a test looks that none is left out. */
export const FORMS_IN_WORDS: Readonly<Record<string, string>> = {
  BASE_PATH: 'must be empty, or begin with / and not end with it, such as /sms',
  MONGO_URI: 'must begin with mongodb:// or mongodb+srv://',
  MONGO_DB: 'must be 1 to 63 letters, digits, - and _',
  PUBLIC_URL: URL_FORM,
  AGENT_REGISTRATION_SECRET: 'must have 8 characters or more (openssl rand -hex 16)',
  DEFAULT_COUNTRY_PREFIX: 'must be a calling code with its +, such as +84',
  DEFAULT_COUNTRY: 'must be two capital letters (ISO 3166), such as VN',
  ORG_NAME: 'must be one line of 100 characters or less',
  NUMBER_POOL: 'must be a JSON array of numbers in E.164, such as ["+15005550006"]',
  TWILIO_ACCOUNT_SID: 'must begin with AC, as Twilio shows it (Account SID)',
  TWILIO_FROM: 'must be one line of 32 characters or less',
  TWILIO_MESSAGING_SERVICE_SID: 'must be MG and 32 digits and letters from a to f, as Twilio shows it',
  TWILIO_BASE_URL: URL_FORM,
  FLOWROUTE_FROM: 'must be a number in E.164, such as +15005550006',
  FLOWROUTE_CALLBACK_TOKEN: 'must be 8 to 200 letters, digits, - and _ (openssl rand -hex 24)',
  FLOWROUTE_BASE_URL: URL_FORM,
  SMTP_URL: 'must be smtp://user:password@host:587, or smtps://',
  SENDGRID_API_KEY: 'must be the key as SendGrid shows it, without spaces',
  FIREBASE_PROJECT_ID: "must be the project's id in lower case, as Firebase shows it",
  FIREBASE_BASE_URL: URL_FORM,
};
