// What the edges mean, as a table and views for SQL, and the changes of a finished capture. Specified
// in CaptureFormat.md. A capture needs none of it to be whole.

extension CaptureSchema {
    static let annotationTable = "annotation"
    /// Ids count from 0, so that nothing needs to be counted.
    static let countAnnotations = "SELECT coalesce(max(id) + 1, 0) FROM annotation"

    // MARK: Changing a finished capture

    static let createSpool = """
        CREATE TEMP TABLE spool (
            id INTEGER PRIMARY KEY, start_ns, end_ns, "row", type, session, body
        )
        """
    static let insertSpool = "INSERT INTO temp.spool VALUES (?, ?, ?, ?, ?, ?, ?)"

    static let setRecordsAside = """
        CREATE TEMP TABLE aside AS
        SELECT time_ns, edges_before, kind, payload FROM record WHERE kind <> ? ORDER BY id
        """
    static let selectRecordsAside =
        "SELECT rowid, time_ns, edges_before FROM temp.aside ORDER BY rowid"
    static let copyRecordAside = """
        INSERT INTO record (id, time_ns, edges_before, kind, payload)
        SELECT ?1, time_ns, edges_before, kind, payload FROM temp.aside WHERE rowid = ?2
        """
    static let dropRecordsAside = "DROP TABLE temp.aside"
    static let deleteRecords = "DELETE FROM record"

    /// Takes what is in the spool for the annotations, with the views that read them.
    static let replaceAnnotations = """
        DROP VIEW IF EXISTS message;
        DROP VIEW IF EXISTS publication;
        DROP VIEW IF EXISTS watchdog;
        DROP TABLE IF EXISTS annotation;

        CREATE TABLE annotation (
            id INTEGER NOT NULL PRIMARY KEY,
            start_ns INTEGER NOT NULL,
            end_ns INTEGER,
            "row" TEXT NOT NULL,
            type TEXT NOT NULL,
            session INTEGER NOT NULL,
            body TEXT NOT NULL
        ) STRICT;
        INSERT INTO annotation SELECT * FROM temp.spool ORDER BY id;
        CREATE INDEX annotation_type ON annotation (type, start_ns);

        CREATE VIEW message AS
        SELECT id, start_ns, end_ns, "row" AS sender, type, session,
            CASE WHEN type IN ('publish', 'will', 'subscribe', 'message')
                THEN json_extract(body, '$.fields[1]') END AS topic,
            CASE WHEN type IN ('publish', 'will', 'message')
                THEN json_extract(body, '$.fields[2]') END AS message,
            CASE WHEN type = 'status'
                THEN CAST(json_extract(body, '$.fields[1]') AS INTEGER) END AS status,
            json_extract(body, '$.latency') AS latency_ns,
            json_extract(body, '$.fields') AS fields
        FROM annotation WHERE "row" IN ('host', 'bridge');

        CREATE VIEW publication AS
        SELECT id,
            json_extract(body, '$.topic') AS topic,
            json_extract(body, '$.message') AS message,
            json_extract(body, '$.qos') AS qos,
            json_extract(body, '$.retain') AS retain,
            json_extract(body, '$.call') AS call_ns,
            json_extract(body, '$.firstBit') AS first_bit_ns,
            json_extract(body, '$.frameEnd') AS frame_end_ns,
            json_extract(body, '$.publishOut') AS publish_out_ns,
            json_extract(body, '$.pubackIn') AS puback_in_ns,
            json_extract(body, '$.pubok') AS pubok_ns,
            json_extract(body, '$.return') AS return_ns,
            json_extract(body, '$.arrived') AS arrived_ns,
            json_extract(body, '$.pubok') - json_extract(body, '$.frameEnd') AS latency_ns,
            json_extract(body, '$.frames') AS frames,
            json_extract(body, '$.sent') AS sent,
            json_extract(body, '$.arrivals') AS arrivals,
            json_extract(body, '$.fate') AS fate,
            session
        FROM annotation WHERE "row" = 'publication';

        CREATE VIEW watchdog AS
        SELECT w.id, w.session, w.start_ns AS last_toggle_ns, w.end_ns AS reset_ns,
            w.end_ns - w.start_ns AS silence_ns,
            (SELECT r.start_ns FROM annotation r
                WHERE r.type = 'running' AND r.start_ns > w.end_ns
                ORDER BY r.start_ns LIMIT 1) AS running_ns
        FROM annotation w WHERE w."row" = 'link' AND w.type = 'watchdog';
        """
}
