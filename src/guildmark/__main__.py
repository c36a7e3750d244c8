from guildmark.cli import main

raise SystemExit(main())
